"""From stems to a record: balance, places, amplifiers, rooms, the labels' tone, then the master at -16 LUFS."""
import math

import numpy as np

from . import sound
from .tools import RenderError

TARGET_LUFS = -16.0


def record(rng, stems, genre, production, valence, arousal, seconds, studio=None):
    """The mastered sound of (2, samples). `studio` is the song where it was made there: its kicks duck and its echo sounds."""
    draw = np.random.default_rng(rng.randrange(1 << 32))
    length = round(seconds * sound.RATE)
    response = sound.room(draw, production.room[0] * rng.uniform(.8, 1.25), production.room[2])
    dry, wet = np.zeros((2, length), np.float32), np.zeros((2, length), np.float32)
    for name, stem in sorted(stems.items()):
        stem = sound.fit(stem, length)
        loud = sound.loudness(stem)
        if loud < -65:
            continue
        level = production.levels.get(name, -4) + rng.gauss(0, .8) + (2.0 * arousal if name == "drums" else 0)
        stem = stem * np.float32(sound.decibels(-23 - loud))
        stem = _shaped(rng, draw, name, stem, production, arousal, studio)
        stem = stem * np.float32(sound.decibels(level - 23 - sound.loudness(stem)))
        dry += stem
        wet += stem * (.3 if name in ("bass", "drums") else 1.0)
    mixed = dry + sound.convolved(wet, response) * np.float32(sound.decibels(production.room[1] - 3 * arousal + rng.gauss(0, 1)))
    return master(rng, mixed, genre, production, valence, arousal, seconds)


def _shaped(rng, draw, name, stem, production, arousal, studio):
    """What is done to one stem before the balance."""
    if name == "drums":
        stem = sound.compressed(stem, 1 + (production.drum_press - 1) * max(.2, .6 + .4 * arousal), attack=.012, release=.09)
        if production.drum_room > -19:
            small = sound.convolved(stem, sound.room(draw, .45, .3, before=.004))
            stem = stem + small * np.float32(sound.decibels(production.drum_room))
        return stem
    if name == "bass":
        return sound.filtered(sound.placed(sound.compressed(stem, 2.5), production.places["bass"], .3), sound.high_pass(32))
    gain = {"riff": production.amplifier, "lead": production.lead_amplifier}.get(name, 0)
    if gain and name == "riff":
        stem = sound.guitar_amplifier(draw, stem, gain * (.7 + .3 * arousal), production.scoop)
    elif gain:
        stem = sound.filtered(sound.driven(stem, gain * (.6 + .4 * arousal)), sound.low_pass(6500))
    if studio and studio.duck and name in ("chords", "lead"):
        stem = sound.ducked(stem, studio.kicks, studio.duck, studio.beat)
    echo = studio.echo if studio and name == "lead" else production.lead_echo if name == "lead" else 0
    if echo:
        stem = stem + sound.echoed(stem, studio.beat if studio else .5, echo)
    low = {"chords": 110, "left": 120, "right": 120, "riff": 70, "pad": 140, "lead": 130}.get(name, 40)
    return sound.filtered(sound.placed(stem, production.places.get(name, 0), production.width), sound.high_pass(low))


def master(rng, mixed, genre, production, valence, arousal, seconds):
    """Tone after genre and labels, pressure, tape and one loudness for all."""
    bass_db, middle_db, air_db = genre.tone
    tone = [sound.high_pass(production.floor, 3), sound.low_shelf(160, bass_db - 1.5 * valence + rng.gauss(0, 1)),
            sound.bell(700, middle_db + rng.gauss(0, .7), 2), sound.bell(2000, 2.0 * valence + rng.gauss(0, .8), 2),
            sound.high_shelf(4500, air_db + 5 * arousal + rng.gauss(0, 1)), sound.low_pass(production.air, 3)]
    if arousal < -.25:
        tone.append(sound.low_pass(14000 + 9000 * arousal + rng.uniform(-1200, 1200), 1))
    mixed = sound.filtered(mixed, sound.chain(*tone))
    mixed = sound.compressed(mixed, 1 + (production.press - 1) * max(0., .5 + .5 * arousal), attack=.02, release=.2, threshold_db=-4)
    tape = production.tape + 4 * max(0., arousal) * (production.tape > 0)
    if tape:
        mixed = mixed * .6 + .4 * sound.driven(mixed, tape)
    fade = np.ones(mixed.shape[1], np.float32)
    fade[:882] = np.linspace(0, 1, 882)
    fade[-2646:] = np.linspace(1, 0, 2646)
    return _to_loudness(mixed * fade, seconds)


def _to_loudness(mixed, seconds):
    """Gain and limiter until the integrated loudness is the target; refuses what is silent or has long gaps."""
    per_second = (mixed[:, :int(seconds) * sound.RATE] ** 2).mean(0).reshape(int(seconds), -1).mean(1)
    if not np.isfinite(mixed).all() or per_second.mean() < 1e-9 or (per_second < per_second.mean() * 10 ** -3.5).sum() > 1:
        raise RenderError("the render is silent or has long gaps")
    out = mixed
    for _ in range(4):
        loud = sound.loudness(out)
        if math.isinf(loud) or abs(loud - TARGET_LUFS) < .15:
            break
        mixed = mixed * np.float32(sound.decibels(TARGET_LUFS - loud))
        out = sound.limited(mixed)
    return out
