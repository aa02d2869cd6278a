"""Chords of a song: a mode picked by valence from bright to dark, a progression in it, and tension or sweetness on top."""
from dataclasses import dataclass

NOTES = "C Db D Eb E F Gb G Ab A Bb B".split()
# Bright to dark; the place in this list is the first thing valence decides.
MODES = [
    ("lydian", (0, 2, 4, 6, 7, 9, 11), ["0 1 4 0", "0 1 0 5", "0 4 1 0"]),
    ("major", (0, 2, 4, 5, 7, 9, 11), ["0 3 4 0", "0 4 5 3", "0 3 0 4", "0 1 4 0", "3 4 0 0", "0 2 3 4", "0 5 3 4"]),
    ("mixolydian", (0, 2, 4, 5, 7, 9, 10), ["0 6 3 0", "0 3 6 0", "0 4 3 0", "0 6 0 3"]),
    ("dorian", (0, 2, 3, 5, 7, 9, 10), ["0 3 0 3", "0 6 3 0", "0 2 3 0", "0 1 2 3"]),
    ("minor", (0, 2, 3, 5, 7, 8, 10), ["0 5 2 6", "0 3 4 0", "0 6 5 6", "0 3 6 2", "0 5 3 4", "5 6 0 0"]),
    ("harmonic minor", (0, 2, 3, 5, 7, 8, 11), ["0 4 0 4", "0 3 4 0", "0 5 1 4", "0 1 4 0"]),
    ("phrygian", (0, 1, 3, 5, 7, 8, 10), ["0 1 0 1", "0 1 2 1", "0 6 1 0", "0 5 1 0"]),
]
TRIADS = {(4, 7): "", (3, 7): "m", (3, 6): "dim", (4, 6): "7b5", (4, 8): "+"}
SEVENTHS = {(4, 7, 11): "M7", (4, 7, 10): "7", (3, 7, 10): "m7", (3, 6, 10): "m7b5", (3, 7, 11): "mM7", (3, 6, 9): "dim7", (4, 8, 11): "M7#5"}
SWEET = {"": ["6", "(add9)", ""], "M7": ["M9", "6", "M7"], "7": ["9", "7"], "m": ["m7"], "m7": ["m9", "m7"]}
TENSE = {"m": ["mM7", "m6", "m", "dim"], "m7": ["m7b5", "mM7", "m7"], "": ["+", "7b9", "sus4"], "7": ["7b9", "7#9"], "M7": ["7", "m7b5"]}


@dataclass(frozen=True)
class Chord:
    name: str         # as MMA reads it
    tones: tuple      # pitch classes

    def with_seventh(self):
        """Its pitch classes with the seventh, or the sixth or ninth, where the name has one."""
        root = self.tones[0]
        added = 11 if "M7" in self.name or "M9" in self.name else 10 if "7" in self.name or self.name.endswith("9") else 9 if "6" in self.name else None
        added = 2 if "add9" in self.name else added
        return self.tones if added is None else (*self.tones, (root + added) % 12)


@dataclass(frozen=True)
class Harmony:
    mode: str
    root: int         # pitch class
    scale: tuple      # pitch classes
    bars: list        # one Chord a bar


def harmony(rng, genre, valence, bar_count):
    """Draws the chords of `bar_count` bars; the same seed gives the same chords."""
    root = rng.randrange(12)
    if rng.random() < genre.blues:
        return _twelve_bar(rng, root, valence, bar_count)
    place = (1 - valence) / 2 * (len(MODES) - 1) + rng.gauss(0, 0.6)
    mode, steps, progressions = MODES[max(0, min(len(MODES) - 1, round(place)))]
    degrees = [int(d) for d in rng.choice(progressions).split()]
    if rng.random() < 0.4:
        degrees += [int(d) for d in rng.choice(progressions).split()]
    pace = 2 if rng.random() < 0.25 else 1
    scale = tuple((root + s) % 12 for s in steps)
    colours = {d: _quality(rng, genre, steps, d, valence) for d in set(degrees)}
    bars = [_chord(root, steps[d], colours[d]) for d in (degrees[i // pace % len(degrees)] for i in range(bar_count))]
    return Harmony(mode, root, scale, bars)


def _quality(rng, genre, steps, degree, valence):
    stack = [(steps[(degree + k) % 7] - steps[degree]) % 12 for k in (2, 4, 6)]
    seventh = rng.random() < genre.sevenths
    quality = SEVENTHS.get(tuple(stack), "7") if seventh else TRIADS.get(tuple(stack[:2]), "")
    shift = rng.random() * 1.1
    if valence > shift:
        return rng.choice(SWEET.get(quality, [quality]))
    if -valence > shift:
        return rng.choice(TENSE.get(quality, [quality]))
    return quality


def _twelve_bar(rng, root, valence, bar_count):
    dark = valence < rng.gauss(-0.1, 0.2)
    turn = rng.choice([(7, 5, 0, 7), (7, 5, 0, 0), (8, 7, 0, 0) if dark else (7, 5, 0, 7)])
    form = [0, rng.choice([0, 5]), 0, 0, 5, 5, 0, 0, *turn]
    quality = {0: "m7" if dark else rng.choice(["7", "6", "9"]), 5: "m7" if dark else "7", 7: "7#9" if valence < -0.5 else "7", 8: "7"}
    start = rng.choice([0, 0, 4])
    bars = [_chord(root, form[i % 12], quality[form[i % 12]]) for i in range(start, start + bar_count)]
    steps = (0, 3, 5, 6, 7, 10) if valence < 0.2 else (0, 2, 3, 4, 7, 9)
    return Harmony("minor blues" if dark else "blues", root, tuple((root + s) % 12 for s in steps), bars)


def _chord(root, offset, quality):
    thirds = 5 if quality == "sus4" else 3 if quality[:1] in ("m", "d") else 4
    fifth = 6 if "b5" in quality or quality.startswith("dim") else 8 if quality == "+" else 7
    base = (root + offset) % 12
    return Chord(NOTES[base] + quality, (base, (base + thirds) % 12, (base + fifth) % 12))
