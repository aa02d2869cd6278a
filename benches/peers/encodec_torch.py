"""The reference EnCodec on PyTorch, as the peer of `benches/encodec.rs`.

    encodec_torch.py FOLDER SECONDS

Writes a full-size 24 kHz model with random weights to FOLDER, prints `ready`, and then answers every line on standard
input (`encode` or `decode`) with the seconds that took, for SECONDS of noise.
"""

import json
import pathlib
import sys
import time

import torch
from safetensors.torch import save_file
from transformers import EncodecConfig, EncodecModel


def write(model, folder):
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: value.contiguous() for name, value in model.state_dict().items()}
    save_file(state, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"model_type": "encodec"}))


@torch.no_grad()
def main():
    folder, seconds = pathlib.Path(sys.argv[1]), float(sys.argv[2])
    torch.manual_seed(0)
    model = EncodecModel(EncodecConfig()).eval()
    write(model, folder)
    audio = 0.3 * torch.randn(1, 1, int(seconds * model.config.sampling_rate))
    latents = model.encoder(audio)
    jobs = {"encode": lambda: model.encoder(audio), "decode": lambda: model.decoder(latents)}
    print(f"ready, PyTorch {torch.__version__}, {torch.get_num_threads()} threads", flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        jobs[line.strip()]()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
