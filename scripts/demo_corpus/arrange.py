"""From harmony, tune and genre to an MMA source: a groove from a library, parts of our own on top, sections that come and go."""
import re
from dataclasses import dataclass

from .harmony import harmony
from .melody import solo, tune
from .parts import LAYERS, Players

MMA_LIB = "/usr/share/mma/lib"
NOT_A_VERSE = re.compile(r"intro|end|fill|fa$|fb$|break|metro|\de$", re.I)


@dataclass(frozen=True)
class Song:
    source: str       # MMA text
    mode: str
    tempo: int        # quarter notes a minute
    groove: str


def grooves(family):
    """The verse grooves of a library file and its beats per bar."""
    with open(f"{MMA_LIB}/{family}.mma", errors="ignore") as library:
        text = library.read()
    names = [name for name in re.findall(r"^\s*DefGroove\s+(\S+)", text, re.M | re.I) if not NOT_A_VERSE.search(name)]
    time = re.search(r"^\s*Time\s+(\d+)", text, re.M | re.I)
    return names or ["None"], int(time[1]) if time else 4


def arrange(rng, genre, family, valence, arousal, seconds):
    """Draws one song of at least `seconds` seconds; `valence` and `arousal` in -1..1 shape every choice."""
    names, beats = grooves(family)
    groove = rng.choice(names)
    tempo = _tempo(rng, genre, beats, valence, arousal)
    bar_count = max(4, int(seconds * tempo / 60 / beats) + 2)
    chords = harmony(rng, genre, valence, bar_count)
    lead = tune(rng, chords, beats, valence, arousal) if rng.random() < genre.lead_chance else [None] * bar_count
    players = Players(rng, genre, beats, valence, arousal)

    drums_only = family.startswith("zoom/") or groove == "None"
    bare = drums_only or rng.random() < genre.bare
    own = [line for name in _layers(rng, genre, bare, arousal) for line in LAYERS[name](players)]
    if drums_only or (bare and rng.random() < 0.7):
        own += players.bass()
    lines = [f"RndSeed {rng.randrange(1 << 30)}", f"Tempo {tempo}", *players.substitutions(), f"Use {family}", f"Groove {groove}"]
    if rng.random() < genre.swing:
        lines.append("SwingMode On")
    lines += players.lead()

    section = rng.choice([4, 4, 8])
    drums = rng.random() < genre.drums * (1.0 if arousal > 0 else 1 + 0.75 * arousal)
    for i, chord in enumerate(chords.bars):
        if i % section == 0:
            variant = groove if i == 0 or rng.random() < 0.6 else rng.choice(names)
            lines += [f"Groove {variant}", *players.section(first=i == 0, bare=bare and not drums_only, drums=drums), *own]
            lead_rests = rng.random() < 0.15
        sung = solo(lead[i]) if lead[i] and not lead_rests else None
        lines.append(f"{i + 1} {chord.name}" + (f" {{{sung}}}" if sung else ""))
    return Song("\n".join(lines) + "\n", chords.mode, tempo, groove)


def _tempo(rng, genre, beats, valence, arousal):
    low, high = genre.tempo
    place = 0.5 + 0.4 * arousal + 0.07 * valence + rng.gauss(0, 0.09)
    tempo = low + (high - low) * max(0.0, min(1.0, place))
    return round(tempo * 1.7 if beats == 6 else tempo)


def _layers(rng, genre, bare, arousal):
    """One part that gives the genre away, and up to two more."""
    more = genre.layers.split()
    names = [rng.choice(genre.signature.split()), *rng.sample(more, k=min(len(more), 2 if bare else rng.choice([0, 1, 1, 2])))]
    if arousal < -0.4:
        names = [name for name in names if name not in ("percussion", "claps")] or [rng.choice(genre.signature.split())]
    return list(dict.fromkeys(names))
