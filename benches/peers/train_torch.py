"""The network in PyTorch, as the peer of `benches/train.rs` and `scripts/gpu_check.sh`: the same layers, sizes, losses, optimiser.

    train_torch.py SIZES BATCH [DEVICE]

SIZES is the model's configuration as JSON, DEVICE one of PyTorch's (cpu by default).

Prints `ready` and then answers every line on standard input with the seconds one training step took, on random frames.
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

SIZES = json.loads(sys.argv[1])
CROP, FILM = 8, 128
BANDS, PATCH, G, L = (SIZES[name] for name in ("bands", "patch_frames", "global_dims", "local_dims"))
# Steps a patch, width, blocks; the encoder's finest first, the decoder's coarsest first.
ENCODER, DECODER = ([tuple(stage[name] for name in ("steps_per_patch", "width", "blocks")) for stage in SIZES[part]]
                    for part in ("encoder", "decoder"))


class Block(nn.Module):
    def __init__(self, width, dilation, film):
        super().__init__()
        self.dilation = dilation
        self.norm = nn.RMSNorm(width)
        self.taps = nn.Linear(3 * width, width)
        self.film = nn.Linear(FILM, 2 * width) if film else None
        self.out = nn.Linear(width, width)

    def forward(self, x, film=None):
        h = self.norm(x)
        d = min(self.dilation, h.shape[1])
        past, future = F.pad(h, (0, 0, d, 0))[:, : h.shape[1]], F.pad(h, (0, 0, 0, d))[:, d:]
        h = self.taps(torch.cat([past, h, future], 2))
        if self.film is not None:
            scale, shift = self.film(film).unsqueeze(1).chunk(2, 2)
            h = h * (1 + scale) + shift
        return x + self.out(F.silu(h))


def blocks(count, width, film):
    return nn.ModuleList(Block(width, (1, 3)[i % 2], film) for i in range(count))


class Network(nn.Module):
    def __init__(self, genres):
        super().__init__()
        fine, first, _ = ENCODER[0]
        width = ENCODER[-1][1]
        self.entry = nn.Linear(PATCH // fine * BANDS, first)
        self.encoder = nn.ModuleList(blocks(n, w, False) for _, w, n in ENCODER)
        self.downs = nn.ModuleList(nn.Linear(w * t // u, v) for (t, w, _), (u, v, _) in zip(ENCODER, ENCODER[1:]))
        self.norm = nn.RMSNorm(width)
        self.local_head = nn.Linear(width, 2 * L)
        self.global_head = nn.Sequential(nn.Linear(2 * BANDS, 256), nn.SiLU(), nn.Linear(256, 2 * G))
        self.linear_model = nn.ParameterDict({
            name: nn.Parameter(0.02 * torch.randn(shape), requires_grad=False)
            for name, shape in dict(base=(genres + 5, BANDS), ge=(BANDS, G), gd=(G, BANDS), le=(PATCH * BANDS, L), ld=(L, PATCH * BANDS),
                                    log_std=(genres + 5, BANDS)).items()})
        self.condition = nn.Linear(genres + 5, FILM)
        self.film = nn.Linear(G + FILM, FILM)
        steps, last, _ = DECODER[-1]
        self.start = nn.Linear(L, DECODER[0][1])
        self.decoder = nn.ModuleList(blocks(n, w, True) for _, w, n in DECODER)
        self.ups = nn.ModuleList(nn.Linear(w, v * u // t) for (t, w, _), (u, v, _) in zip(DECODER, DECODER[1:]))
        self.draft = nn.Linear(PATCH // steps * BANDS, last)
        self.base = nn.Sequential(nn.Linear(G + FILM, 256), nn.SiLU(), nn.Linear(256, BANDS))
        self.last_norm = nn.RMSNorm(last)
        self.head = nn.Linear(last, 2 * PATCH // steps * BANDS)

    def encode(self, x, mean, std, c):
        n, frames, _ = x.shape
        gain = torch.exp(c @ self.linear_model["log_std"]).unsqueeze(1)
        g0 = (mean - c @ self.linear_model["base"]) @ self.linear_model["ge"]
        l0 = ((x - mean.unsqueeze(1)) / gain).reshape(n, frames // PATCH, -1) @ self.linear_model["le"]
        h = self.entry(x.reshape(n, frames * ENCODER[0][0] // PATCH, -1))
        for i, stage in enumerate(self.encoder):
            if i:
                h = self.downs[i - 1](h.reshape(n, frames * ENCODER[i][0] // PATCH, -1))
            for block in stage:
                h = block(h)
        local = self.local_head(self.norm(h))
        glob = self.global_head(torch.cat([mean, std], 1))
        l_mean = l0 + local[..., :L] - local[..., :L].mean(1, keepdim=True)
        return g0 + glob[:, :G], glob[:, G:] - 4, l_mean, local[..., L:] - 4

    def decode(self, g, l, c):
        n, steps, _ = l.shape
        gc = torch.cat([g, F.silu(self.condition(c))], 1)
        film = F.silu(self.film(gc))
        mean = c @ self.linear_model["base"] + g @ self.linear_model["gd"] + self.base(gc)
        gain = torch.exp(c @ self.linear_model["log_std"]).unsqueeze(1)
        start = mean.unsqueeze(1) + (l @ self.linear_model["ld"]).reshape(n, steps * PATCH, BANDS) * gain
        h = self.start(l)
        for i, stage in enumerate(self.decoder):
            time_steps = DECODER[i][0] * steps
            if i:
                h = self.ups[i - 1](h).reshape(n, time_steps, -1)
            if i + 1 == len(self.decoder):
                h = h + self.draft(start.reshape(n, time_steps, -1))
            for block in stage:
                h = block(h, film)
        out = self.head(self.last_norm(h))
        half = out.shape[2] // 2
        return start + out[..., :half].reshape(start.shape), out[..., half:].reshape(start.shape) - 0.9


class Listener:
    """NSIM of levels by matrix products, as the program's `train/listener.rs`; which bands an ear band sums costs nothing."""

    def __init__(self, frames, device):
        rate = 44100 / 256
        length, hop = round(0.08 * rate), 0.02 * rate
        count = 1 + int((frames - length) / hop)
        self.windows = torch.zeros(count, frames, device=device)
        for window in range(count):
            begin = int(window * hop)
            self.windows[window, begin:begin + length] = 1 / length
        self.bands = torch.eye(32, device=device).repeat_interleave(BANDS // 32, 0)
        self.along, self.across = neighbours(count, device), neighbours(32, device)

    def neurogram(self, x):
        power = (2 * (x - 6)).exp()
        return torch.log1p(self.windows @ (power @ self.bands) / 5.5e-8) * 2.17

    def similarity(self, reference, heard):
        near = lambda x: self.along @ x @ self.across
        r, h = self.neurogram(reference), self.neurogram(heard)
        mean_r, mean_h = near(r), near(h)
        var_r, var_h = ((near(x * x) - mean * mean).clamp_min(0) for x, mean in ((r, mean_r), (h, mean_h)))
        level = (2 * mean_r * mean_h + 0.01) / (mean_r.square() + mean_h.square() + 0.01)
        course = (near(r * h) - mean_r * mean_h + 0.02) / ((var_r + 0.02) * (var_h + 0.02)).sqrt()
        return (level * course).mean()


def neighbours(count, device):
    mix = sum(weight * torch.diag(torch.ones(count - abs(offset), device=device), offset)
              for offset, weight in ((-1, 0.1065), (0, 0.787), (1, 0.1065)))
    return mix / mix.sum(1, keepdim=True)


def kl(mean, logvar):
    return 0.5 * (mean.square() + logvar.exp() - logvar - 1).sum()


def name_of(device):
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def main():
    genres, batch = SIZES["genres"], int(sys.argv[2])
    device = torch.device(sys.argv[3] if len(sys.argv) > 3 else "cpu")
    torch.manual_seed(0)
    net = Network(genres).to(device)
    average = {name: value.detach().clone() for name, value in net.named_parameters()}
    learned = [p for p in net.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=1e-3, betas=(0.9, 0.99), weight_decay=0.02)
    frames = CROP * PATCH
    x, c = torch.randn(batch, frames, BANDS, device=device), torch.zeros(batch, genres + 5, device=device)
    mean, std = x.mean(1), x.std(1)
    listener = Listener(frames, device)

    def step():
        gm, gv, lm, lv = net.encode(x, mean, std, c)
        g = gm + torch.randn_like(gm) * (gv / 2).exp()
        l = lm + torch.randn_like(lm) * (lv / 2).exp()
        y, log_scale = net.decode(g, l, c)
        error = y - x
        loss = 0.5 * (error.abs() * (-log_scale).exp() + log_scale).mean()
        loss = loss + 2.5 * (error.square().mean(2) + 1e-6).sqrt().mean()
        loss = loss + 0.5 * error.diff(dim=1).abs().mean() + 0.25 * error.diff(dim=2).abs().mean()
        loss = loss + 1 - listener.similarity(x, y)
        loss = loss + 1e-6 * (kl(gm, gv) + kl(lm, lv))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        with torch.no_grad():
            for name, value in net.named_parameters():
                average[name].lerp_(value, 0.005)
        loss.item()

    parameters = sum(p.numel() for p in learned)
    print(f"ready, PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {name_of(device)}, {parameters} parameters", flush=True)
    for _ in sys.stdin:
        begun = time.perf_counter()
        step()
        print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    main()
