"""Arrays of sound: tone, dynamics, rooms and loudness. A sound is float32 of shape (2, samples) at 44.1 kHz."""
import numpy as np

RATE = 44100
BLOCK = 128           # samples between two values of an envelope


def load(path, channels=2):
    """Raw little-endian float32, as FluidSynth and Csound write it."""
    return np.fromfile(path, "<f4").reshape(-1, channels).T


def fit(x, length):
    """Cut or padded with silence to `length` samples."""
    return x[:, :length] if x.shape[1] >= length else np.pad(x, ((0, 0), (0, length - x.shape[1])))


def decibels(db):
    return 10 ** (db / 20)


def _fast(length):
    """The next length that a Fourier transform likes: 2, 3 and 5 only."""
    best = 1 << (length - 1).bit_length()
    for fives in (1, 5, 25):
        for threes in (1, 3, 9, 27):
            odd = fives * threes
            best = min(best, odd << max(0, (-(-length // odd) - 1).bit_length()))
    return best


def filtered(x, gain):
    """Through a filter without phase: `gain` is called with frequencies in Hz and gives amplitudes. Piece by piece, with room for a reach of 93 ms."""
    size, reach = 32768, 4096
    kernel = np.fft.irfft(gain(np.maximum(np.fft.rfftfreq(size, 1 / RATE), .5)))
    kernel *= np.clip(np.cos(np.minimum(np.arange(size), size - np.arange(size)) / reach * np.pi / 2), 0, 1) * (np.minimum(np.arange(size), size - np.arange(size)) < reach)
    response = np.fft.rfft(kernel).real.astype(np.float32)
    hop = size - 2 * reach
    pieces = -(-x.shape[1] // hop)
    padded = np.pad(x.astype(np.float32), ((0, 0), (reach, pieces * hop + reach - x.shape[1])))
    out = np.empty((x.shape[0], pieces * hop), np.float32)
    for i in range(pieces):
        spectrum = np.fft.rfft(padded[:, i * hop:i * hop + size]) * response
        out[:, i * hop:(i + 1) * hop] = np.fft.irfft(spectrum, size)[:, reach:-reach]
    return out[:, :x.shape[1]]


def low_shelf(hz, db):
    return lambda f: decibels(db / (1 + (f / hz) ** 2))


def high_shelf(hz, db):
    return lambda f: decibels(db / (1 + (hz / f) ** 2))


def bell(hz, db, octaves):
    return lambda f: decibels(db * np.exp(-(np.log2(f / hz) / octaves * 2) ** 2))


def high_pass(hz, order=2):
    return lambda f: 1 / np.sqrt(1 + (hz / f) ** (2 * order))


def low_pass(hz, order=2):
    return lambda f: 1 / np.sqrt(1 + (f / hz) ** (2 * order))


def chain(*gains):
    return lambda f: np.prod([gain(f) for gain in gains], axis=0)


def _envelope(x):
    """Mean square of both sides, one value a block."""
    blocks = x.shape[1] // BLOCK
    return (x[:, :blocks * BLOCK].astype(np.float64) ** 2).mean(0).reshape(blocks, BLOCK).mean(1)


def _at_samples(gain, length):
    """An envelope of blocks as one of samples."""
    return np.interp(np.arange(length), (np.arange(len(gain)) + .5) * BLOCK, gain).astype(np.float32)


def compressed(x, ratio, attack=.008, release=.15, threshold_db=-6.):
    """Everything above the threshold, taken from the sound's own mean level, comes closer to it by `ratio`."""
    power = _envelope(x)
    level = power.mean() + 1e-12
    above = np.maximum(0, 10 * np.log10(power / level + 1e-9) - threshold_db)
    up, down = np.exp(-BLOCK / RATE / attack), np.exp(-BLOCK / RATE / release)
    followed, state = np.empty_like(above), 0.
    for i, value in enumerate(above):
        keep = up if value > state else down
        state = keep * state + (1 - keep) * value
        followed[i] = state
    return x * _at_samples(decibels(-followed * (1 - 1 / ratio)), x.shape[1])


def driven(x, gain_db, finely=False):
    """A valve: soft clipping, uneven enough for even harmonics, `finely` at twice the rate. Keeps the mean level."""
    before = np.sqrt((x ** 2).mean()) + 1e-9
    drive = np.float32(.25 * decibels(gain_db) / before)
    clip = lambda y: np.tanh(y * drive + np.float32(.12)) - np.float32(np.tanh(.12))
    if finely:
        size = _fast(x.shape[1] + 4096)
        twice = np.fft.irfft(np.pad(np.fft.rfft(x, size), ((0, 0), (0, size // 2))), 2 * size) * np.float32(2)
        y = np.fft.irfft(np.fft.rfft(clip(twice))[:, :size // 2 + 1], size)[:, :x.shape[1]]
    else:
        y = clip(x)
    return (y * np.float32(before / (np.sqrt((y ** 2).mean()) + 1e-9))).astype(np.float32)


def guitar_amplifier(rng, x, gain_db, scoop_db):
    """Two takes through two loudspeakers, one on each side: the second drifts behind the first as a second player does."""
    mono = x.mean(0, keepdims=True)
    tight = filtered(mono, chain(high_pass(110), bell(750, 5, 2)))
    time, knots = np.arange(x.shape[1]), np.arange(0, x.shape[1] + RATE // 2, RATE // 2)
    late = np.clip(.015 + .005 * np.interp(time, knots, rng.normal(0, 1, len(knots))), .004, .03)
    second = np.interp(time - late * RATE, time, tight[0]).astype(np.float32)[None]
    sides = []
    for take, colour in ((tight, 0), (second, rng.uniform(-1, 1))):
        loud = driven(take, gain_db + colour, finely=True)
        sides.append(filtered(loud, chain(high_pass(95, 3), low_pass(5000 + 500 * colour, 4), bell(520, -scoop_db, 2), bell(2600 + 300 * colour, 4, 1.2)))[0])
    return np.stack(sides)


def room(rng, seconds, darkness, before=.012):
    """An impulse response: a few walls, then noise that dies away, its treble first. `seconds` to -60 dB."""
    length = int(min(seconds * 1.1 + .1, 6) * RATE)
    time = np.arange(length) / RATE
    noise = rng.normal(0, 1, (2, length)).astype(np.float32)
    tail = np.zeros_like(noise)
    edges = [0, 350, 1400, 5000, RATE]
    for band in range(4):
        part = filtered(noise, lambda f: ((f >= edges[band]) & (f < edges[band + 1])).astype(float))
        tail += part * 10 ** (-3 * time / (seconds * (1.15, 1., .8, .5)[band] ** (.5 + darkness)))
    tail *= np.minimum(1, time / .015) * .5
    for _ in range(9):
        side, at = rng.integers(2), int(rng.uniform(.004, .045) * RATE)
        tail[side, at] += rng.choice([-1, 1]) * rng.uniform(2, 5)
    return (np.pad(tail, ((0, 0), (int(before * RATE), 0))) / np.sqrt((tail ** 2).sum() / 2)).astype(np.float32)


def convolved(x, response):
    size = _fast(x.shape[1] + response.shape[1])
    return np.fft.irfft(np.fft.rfft(x.astype(np.float32), size) * np.fft.rfft(response, size), size)[:, :x.shape[1]].astype(np.float32)


def echoed(x, beat, level, rounds=4):
    """Echoes at three quarters of a beat, from side to side."""
    y, step = np.zeros_like(x), int(.75 * beat * RATE)
    for i in range(1, rounds + 1):
        if i * step < x.shape[1]:
            late = x[:, :-i * step].mean(0) * level ** i
            y[i % 2, i * step:] += 1.3 * late
            y[1 - i % 2, i * step:] += .4 * late
    return filtered(y, chain(high_pass(250), low_pass(3800)))


def ducked(x, kicks, depth, beat):
    """Pressed down at every kick and let go within half a beat, as a compressor with a side chain does."""
    gain = np.ones(x.shape[1], np.float32)
    length = int(.5 * beat * RATE)
    curve = 1 - depth * (1 - np.linspace(0, 1, length)) ** 1.5
    for kick in kicks:
        at = int(kick * RATE)
        part = gain[at:at + length]
        np.minimum(part, curve[:len(part)], out=part)
    return x * gain


def placed(x, place, width):
    """Mid and side rebuilt: `place` from -1 (left) to 1 (right), `width` 0 (a point) to 1 (as it is) and above."""
    middle, side = x.mean(0), (x[0] - x[1]) / 2 * width
    angle = (place + 1) * np.pi / 4
    return np.stack([middle * np.cos(angle) * 1.414 + side, middle * np.sin(angle) * 1.414 - side])


def loudness(x):
    """Integrated loudness in LUFS as ITU-R BS.1770-4 has it: blocks of 400 ms, gated at -70 LUFS and 10 LU below the rest.

    The K weighting (the ear's roll-off below, the head's 4 dB above) acts on the spectra of tenths of a second: within .1 dB of the filters.
    """
    hop = RATE // 10
    f = np.maximum(np.fft.rfftfreq(hop, 1 / RATE), 1)
    weight = (chain(high_pass(38), lambda f: decibels(4.0 / (1 + (1500 / f) ** 4) ** .9))(f) ** 2 * 2 / hop ** 2).astype(np.float32)
    pieces = x[:, :x.shape[1] // hop * hop].astype(np.float32).reshape(x.shape[0], -1, hop)
    tenths = (np.abs(np.fft.rfft(pieces)) ** 2 @ weight).sum(0)
    blocks = np.convolve(tenths, np.ones(4) / 4, "valid")
    if not (blocks > 10 ** -6.93).any():
        return -np.inf
    gate = blocks[blocks > 10 ** -6.93].mean() / 10
    return -.691 + 10 * np.log10(blocks[blocks > max(gate, 10 ** -6.93)].mean())


def limited(x, ceiling_db=-1.2):
    """No sample above the ceiling: the gain is bent down 3 ms before a peak and let go over 60 ms."""
    ceiling, size = decibels(ceiling_db), 32
    blocks = -(-x.shape[1] // size)
    peaks = np.abs(fit(x, blocks * size)).max(0).reshape(blocks, size).max(1)
    wanted = np.minimum(1, ceiling / np.maximum(peaks, 1e-9))
    reach = 5
    held = np.lib.stride_tricks.sliding_window_view(np.pad(wanted, reach, mode="edge"), 2 * reach + 1).min(1)
    let_go, state = np.exp(-size / RATE / .06), 1.
    for i, value in enumerate(held):
        state = min(value, 1 - (1 - state) * let_go)
        held[i] = state
    smooth = np.convolve(np.pad(held, reach - 2, mode="edge"), np.ones(2 * reach - 3) / (2 * reach - 3), "valid")
    gain = np.interp(np.arange(x.shape[1]), (np.arange(blocks) + .5) * size, smooth)
    return np.clip(x * gain, -ceiling, ceiling).astype(np.float32)
