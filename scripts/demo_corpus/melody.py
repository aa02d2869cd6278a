"""A tune: a short rhythm and contour, repeated and varied over the chords like a singer would; `solo` writes a bar of it for MMA.

Bright songs climb, skip and leave gaps; dark ones sink by steps and lean on the semitone above. Arousal packs more notes in."""

NAMES = "c c# d d# e f f# g g# a a# b".split()
DURATIONS = {1: "8", 2: "4", 3: "4.", 4: "2", 6: "2.", 8: "1"}       # in eighths


def tune(rng, harmony, beats, valence, arousal):
    """A list of (eighths, MIDI pitch or None) per bar, `beats` quarter notes each; None where the voice rests for the whole bar."""
    motifs = [_rhythm(rng, beats * 2, valence, arousal) for _ in range(2)]
    contours = [[rng.choice(_steps(valence)) for _ in range(16)] for _ in range(2)]
    centre = 12 * (5 + (valence > 0.45) - (valence < -0.45 and rng.random() < 0.7))
    form = rng.choice(["AABA", "ABAB", "AAAB", "ABBA", "AA.B"])
    pitch, bars = centre + harmony.root % 12, []
    for i, chord in enumerate(harmony.bars):
        part = form[i % 4]
        if part == "." or rng.random() < 0.08:
            bars.append(None)
            continue
        which = "AB".index(part)
        notes, pitch = _bar(rng, motifs[which], contours[which], harmony, chord, pitch, centre, valence)
        bars.append(notes)
    return bars


def _rhythm(rng, eighths, valence, arousal):
    """Pairs (eighths, sounding) that fill one bar."""
    if arousal > 0.35:
        pool = [1, 1, 1, 2, 2, 3]
    elif arousal > -0.35:
        pool = [1, 2, 2, 2, 3, 4]
    else:
        pool = [2, 4, 4, 6, 8]
    if valence > 0.3:
        pool += [1, 3, 1]        # dotted and off the beat: a lighter step
    sounding = 0.72 + 0.15 * arousal
    out, left = [], eighths
    while left:
        length = rng.choice([d for d in pool if d <= left] or [left if left in DURATIONS else 1])
        out.append((length, rng.random() < sounding or not out))
        left -= length
    return out


def _steps(valence):
    if valence > 0.3:
        return [-2, -1, 1, 1, 2, 3]
    if valence < -0.3:
        return [-2, -1, -1, -1, 0, 1]
    return [-2, -1, -1, 0, 1, 1, 2]


def _bar(rng, motif, contour, harmony, chord, pitch, centre, valence):
    notes, at = [], 0
    for k, (length, sounding) in enumerate(motif):
        if not sounding:
            notes.append((length, None))
        else:
            strong = at % 4 == 0
            pitch = _nearest(chord.tones if strong else harmony.scale, pitch + 2 * contour[k % len(contour)])
            if pitch > centre + 16 or pitch < centre - 5:
                pitch = _nearest(chord.tones, centre + rng.randrange(3, 9))
            # A sigh: the semitone above resolves down.
            if strong and valence < -0.4 and length >= 2 and rng.random() < 0.3 and length % 2 == 0:
                notes += [(length // 2, pitch + 1), (length // 2, pitch)]
                at += length
                continue
            notes.append((length, pitch))
        at += length
    return notes, pitch


def solo(notes):
    """A bar in MMA's solo notation."""
    return ";".join(DURATIONS[length] + ("r" if pitch is None else _name(pitch)) for length, pitch in notes) + ";"


def _nearest(classes, pitch):
    return min((pitch + d for d in range(-6, 7)), key=lambda p: (p % 12 not in classes, abs(p - pitch)))


def _name(pitch):
    octave = pitch // 12 - 5
    return NAMES[pitch % 12] + ("+" * octave if octave > 0 else "-" * -octave)
