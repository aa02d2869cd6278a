"""The network of preset s in PyTorch, as the peer of `benches/train.rs`: the same layers, sizes, losses and optimiser.

    train_torch.py SIZES BATCH

SIZES is the model's configuration as JSON.

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
        (fine, fine_width, _), (_, coarse_width, _) = ENCODER
        self.entry = nn.Linear(PATCH // fine * BANDS, fine_width)
        self.encoder = nn.ModuleList(blocks(n, width, False) for _, width, n in ENCODER)
        self.down = nn.Linear(fine * fine_width, coarse_width)
        self.norm = nn.RMSNorm(coarse_width)
        self.local_head = nn.Linear(coarse_width, 2 * L)
        self.global_head = nn.Sequential(nn.Linear(2 * BANDS, 256), nn.SiLU(), nn.Linear(256, 2 * G))
        self.closed = nn.ParameterDict({
            name: nn.Parameter(0.02 * torch.randn(shape), requires_grad=False)
            for name, shape in dict(base=(genres + 5, BANDS), ge=(BANDS, G), gd=(G, BANDS), le=(PATCH * BANDS, L), ld=(L, PATCH * BANDS),
                                    spread=(genres + 5, BANDS)).items()})
        self.condition = nn.Linear(genres + 5, FILM)
        self.film = nn.Linear(G + FILM, FILM)
        (_, width, _), (steps, last, _) = DECODER
        self.start = nn.Linear(L, width)
        self.decoder = nn.ModuleList(blocks(n, w, True) for _, w, n in DECODER)
        self.up = nn.Linear(width, steps * last)
        self.draft = nn.Linear(PATCH // steps * BANDS, last)
        self.base = nn.Sequential(nn.Linear(G + FILM, 256), nn.SiLU(), nn.Linear(256, BANDS))
        self.last_norm = nn.RMSNorm(last)
        self.head = nn.Linear(last, 2 * PATCH // steps * BANDS)

    def encode(self, x, mean, spread, c):
        n, frames, _ = x.shape
        gain = torch.exp(c @ self.closed["spread"]).unsqueeze(1)
        g0 = (mean - c @ self.closed["base"]) @ self.closed["ge"]
        l0 = ((x - mean.unsqueeze(1)) / gain).reshape(n, frames // PATCH, -1) @ self.closed["le"]
        h = self.entry(x.reshape(n, frames * ENCODER[0][0] // PATCH, -1))
        for block in self.encoder[0]:
            h = block(h)
        h = self.down(h.reshape(n, frames // PATCH, -1))
        for block in self.encoder[1]:
            h = block(h)
        local = self.local_head(self.norm(h))
        glob = self.global_head(torch.cat([mean, spread], 1))
        l_mean = l0 + local[..., :L] - local[..., :L].mean(1, keepdim=True)
        return g0 + glob[:, :G], glob[:, G:] - 4, l_mean, local[..., L:] - 4

    def decode(self, g, l, c):
        n, steps, _ = l.shape
        gc = torch.cat([g, F.silu(self.condition(c))], 1)
        film = F.silu(self.film(gc))
        mean = c @ self.closed["base"] + g @ self.closed["gd"] + self.base(gc)
        gain = torch.exp(c @ self.closed["spread"]).unsqueeze(1)
        start = mean.unsqueeze(1) + (l @ self.closed["ld"]).reshape(n, steps * PATCH, BANDS) * gain
        h = self.start(l)
        for block in self.decoder[0]:
            h = block(h, film)
        fine = DECODER[1][0] * steps
        h = self.up(h).reshape(n, fine, -1) + self.draft(start.reshape(n, fine, -1))
        for block in self.decoder[1]:
            h = block(h, film)
        out = self.head(self.last_norm(h))
        half = out.shape[2] // 2
        return start + out[..., :half].reshape(start.shape), out[..., half:].reshape(start.shape) - 0.9


def kl(mean, logvar):
    return 0.5 * (mean.square() + logvar.exp() - logvar - 1).sum()


def main():
    genres, batch = SIZES["genres"], int(sys.argv[2])
    torch.manual_seed(0)
    net = Network(genres)
    average = {name: value.detach().clone() for name, value in net.named_parameters()}
    learned = [p for p in net.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=1e-3, betas=(0.9, 0.99), weight_decay=0.02)
    frames = CROP * PATCH
    x, c = torch.randn(batch, frames, BANDS), torch.zeros(batch, genres + 5)
    mean, spread = x.mean(1), x.std(1)

    def step():
        gm, gv, lm, lv = net.encode(x, mean, spread, c)
        g = gm + torch.randn_like(gm) * (gv / 2).exp()
        l = lm + torch.randn_like(lm) * (lv / 2).exp()
        y, log_scale = net.decode(g, l, c)
        error = y - x
        loss = 0.5 * (error.abs() * (-log_scale).exp() + log_scale).mean()
        loss = loss + 2.5 * (error.square().mean(2) + 1e-6).sqrt().mean()
        loss = loss + 0.5 * error.diff(dim=1).abs().mean() + 0.25 * error.diff(dim=2).abs().mean()
        loss = loss + 1e-6 * (kl(gm, gv) + kl(lm, lv))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        with torch.no_grad():
            for name, value in net.named_parameters():
                average[name].lerp_(value, 0.005)

    parameters = sum(p.numel() for p in learned)
    print(f"ready, PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {parameters} parameters", flush=True)
    for _ in sys.stdin:
        begun = time.perf_counter()
        step()
        print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    main()
