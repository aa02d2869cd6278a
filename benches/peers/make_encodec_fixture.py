"""Writes assets/fixtures/encodec: small random EnCodecs and what the reference implementation makes of random audio.

    pip install torch transformers safetensors
    python benches/peers/make_encodec_fixture.py

Each folder holds a checkpoint as Hugging Face lays it out and `expected.safetensors`: for every input its latents, the
codes at every bandwidth, and the audio decoded from the latents and from the codes. Codebooks are random too, since a
fresh model's are zeros.
"""

import json
import pathlib

import torch
from safetensors.torch import save_file
from transformers import EncodecConfig, EncodecModel

ROOT = pathlib.Path(__file__).resolve().parents[2] / "assets" / "fixtures" / "encodec"

# Name: configuration, input lengths, whether to write the weight norm under its older names.
MODELS = {
    # The 24 kHz model's geometry with few channels.
    "mono": (
        dict(
            num_filters=2,
            hidden_size=8,
            codebook_size=32,
            target_bandwidths=[0.75, 1.5, 3.0],
        ),
        [1, 700, 6400, 9999],
        False,
    ),
    # A short hop, so that a small input crosses several pieces; two dilated residual units; no shortcut convolution.
    "deep": (
        dict(
            sampling_rate=6000,
            num_filters=4,
            hidden_size=6,
            upsampling_ratios=[4, 2],
            num_residual_layers=2,
            dilation_growth_rate=3,
            num_lstm_layers=1,
            kernel_size=5,
            last_kernel_size=3,
            use_conv_shortcut=False,
            pad_mode="replicate",
            codebook_size=16,
            target_bandwidths=[6.0, 12.0],
        ),
        [5, 3001],
        True,
    ),
}


def randomise(model):
    """Weight-norm gains off the kernels' norms, codebooks at the scale of what the ones before them leave over."""
    for name, parameter in model.named_parameters():
        if name.endswith("original0"):
            parameter.data *= torch.empty_like(parameter).uniform_(0.7, 1.4)
    probe = torch.randn(1, model.config.audio_channels, model.config.sampling_rate) * 0.3
    spread = model.encoder(probe).std(dim=(0, 2))
    for index, layer in enumerate(model.quantizer.layers):
        layer.codebook.embed.copy_(torch.randn_like(layer.codebook.embed) * spread * 0.8**index)


def expectations(model, lengths):
    config = model.config
    expected = {}
    for index, length in enumerate(lengths):
        times = torch.arange(length) / config.sampling_rate
        tone = torch.sin(2 * torch.pi * 0.05 * config.sampling_rate * times)
        audio = 0.4 * tone + 0.2 * torch.randn(1, config.audio_channels, length)
        expected[f"{index}.audio"] = audio[0]
        latents = model.encoder(audio)
        expected[f"{index}.latents.0"] = latents[0]
        expected[f"{index}.decoded"] = model.decoder(latents)[0]
        for kbps in config.target_bandwidths:
            codes, scales, last = model.encode(audio, bandwidth=kbps, return_dict=False)
            expected[f"{index}.codes.{kbps}.0"] = codes[0, 0, :, : codes.shape[-1] - last].to(torch.int32)
            decoded = model.decode(codes, scales, return_dict=False, last_frame_pad_length=last)[0]
            expected[f"{index}.decoded.{kbps}"] = decoded[0]
    return {name: tensor.contiguous() for name, tensor in expected.items()}


@torch.no_grad()
def main():
    for seed, (name, (overrides, lengths, older_names)) in enumerate(MODELS.items()):
        torch.manual_seed(seed)
        config = EncodecConfig(**overrides)
        model = EncodecModel(config).eval()
        randomise(model)
        state = model.state_dict()
        if older_names:
            state = {
                key.replace("parametrizations.weight.original0", "weight_g").replace(
                    "parametrizations.weight.original1", "weight_v"
                ): value
                for key, value in state.items()
            }
        folder = ROOT / name
        folder.mkdir(parents=True, exist_ok=True)
        save_file({key: value.contiguous() for key, value in state.items()}, folder / "model.safetensors")
        save_file(expectations(model, lengths), folder / "expected.safetensors")
        settings = {"model_type": "encodec"} | {key: getattr(config, key) for key in KEYS}
        (folder / "config.json").write_text(json.dumps(settings, indent=2) + "\n")


KEYS = [
    "target_bandwidths",
    "sampling_rate",
    "audio_channels",
    "normalize",
    "chunk_length_s",
    "overlap",
    "hidden_size",
    "num_filters",
    "num_residual_layers",
    "upsampling_ratios",
    "norm_type",
    "kernel_size",
    "last_kernel_size",
    "residual_kernel_size",
    "dilation_growth_rate",
    "use_causal_conv",
    "pad_mode",
    "compress",
    "num_lstm_layers",
    "trim_right_ratio",
    "codebook_size",
    "codebook_dim",
    "use_conv_shortcut",
]

if __name__ == "__main__":
    main()
