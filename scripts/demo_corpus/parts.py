"""The players of one song: each part draws its own rhythm, register and instrument and gives the MMA lines of one track.

Two songs on one groove are still two arrangements."""

LOUDNESS = ["pp", "p", "mp", "m", "mf", "f", "ff"]
LAYERS = {}      # the parts a genre may add to its groove, by name


def layer(part):
    LAYERS[part.__name__] = part
    return part


class Parts:
    """The players of one song: each method gives the MMA lines of one part."""

    def __init__(self, rng, genre, beats, valence, arousal):
        self.rng, self.genre, self.beats, self.valence, self.arousal = rng, genre, beats, valence, arousal
        self.lead_voice = self.pick(genre.leads)
        self.comp_voice, self.pad_voice = self.pick(genre.comps), self.pick(genre.pads)
        self.bass_voice = rng.choice(genre.basses.split())
        self.lift = (valence > 0.4) - (valence < -0.4)

    def pick(self, names):
        """A voice from a list that runs dark to bright, placed by valence."""
        names = names.split()
        place = (self.valence + 1) / 2 * (len(names) - 1) + self.rng.gauss(0, 0.9)
        return names[max(0, min(len(names) - 1, round(place)))]

    def level(self, offset=0):
        place = 3.2 + 2.4 * self.arousal + offset + self.rng.gauss(0, 0.5)
        return LOUDNESS[max(1, min(len(LOUDNESS) - 1, round(place)))]

    def articulation(self):
        return round(max(35, min(110, 88 - 22 * self.valence - 8 * self.arousal + self.rng.gauss(0, 8))))

    def substitutions(self):
        """Other instruments for the groove's own ones, so a library's sound does not give it away."""
        changes = []
        for role in ("Piano1 NylonGuitar SteelGuitar CleanGuitar JazzGuitar Piano2 Organ1 RhodesPiano", "Strings SlowStrings WarmPad ChoirAahs",
                     "AcousticBass FingeredBass"):
            stand_in = self.pick(self.genre.comps if role.startswith("Piano") else self.genre.pads if role.startswith("Str") else self.genre.basses)
            changes += [f"{voice}={stand_in}" for voice in role.split() if self.rng.random() < 0.45 and voice != stand_in]
        return [f"VoiceTr {' '.join(changes)}"] if changes else []

    def lead(self):
        return ["Begin Solo", f"  Voice {self.lead_voice}", f"  Octave {5 if self.genre.leads.split()[0] != 'SynthBass1' else 4}",
                f"  Articulate {self.articulation()}", f"  Volume {self.level(1)}", "  Harmony " + self.rng.choice(["None", "None", "None", "2Below"]), "End"]

    def section(self, first, bare, drums):
        lines = [f"Volume {self.level(-1 if first else 0)}"]
        if bare:
            lines.append("AllTracks Chord Arpeggio Scale Off")
        if not drums or (first and self.rng.random() < 0.25):
            lines.append("AllTracks Drum Off")
        if self.rng.random() < 0.2:
            lines.append(f"Cresc {self.level(-1)} {self.level(1)} 4" if self.rng.random() < 0.6 else f"Decresc {self.level(1)} {self.level(-1)} 4")
        return lines

    def rhythm(self, grid, density, length, accent=4):
        """One bar of `start length volume` triples on a grid of `grid` steps a beat, always with its first beat."""
        notes = []
        for step in range(self.beats * grid):
            on_beat = step % grid == 0
            chance = density + (0.25 if on_beat else -0.05)
            if step == 0 or self.rng.random() < chance:
                volume = 95 if step % (accent * grid) == 0 else 85 if on_beat else 72
                notes.append((1 + step / grid, length, volume))
        return notes

    def chord_track(self, name, voice, octave, pattern, extra=()):
        sequence = "; ".join(f"{start:g} {length} {volume}" for start, length, volume in pattern)
        return [f"Begin {name}", "  On", f"  Voice {voice}", f"  Octave {octave + self.lift}", f"  Articulate {self.articulation()}",
                f"  Volume {self.level()}", "  Rvolume 8", "  Rtime 4", *(f"  {line}" for line in extra), f"  Sequence {{{sequence}}}", "End"]

    def bass_track(self, name, voice, octave, pattern, degrees):
        notes = (f"{start:g} {length} {degrees[i % len(degrees)]} {volume}" for i, (start, length, volume) in enumerate(pattern))
        return [f"Begin {name}", "  On", f"  Voice {voice}", f"  Octave {octave}", f"  Articulate {self.articulation()}", f"  Volume {self.level()}",
                "  Rvolume 6", f"  Sequence {{{'; '.join(notes)}}}", "End"]

    def bass_line(self):
        degrees = self.rng.choice([["1"], ["1", "5"], ["1", "1", "5", "6"], ["1", "3", "5"], ["1", "1+"], ["1", "5", "1+", "5"]])
        density = 0.15 + 0.3 * (self.arousal + 1) / 2
        return self.bass_track("Bass-Own", self.bass_voice, 3, self.rhythm(2, density, "8" if self.arousal > 0 else "4"), degrees)


@layer
def power(p):
    pattern = p.rhythm(2, 0.25 + 0.35 * (p.arousal + 1) / 2, "8" if p.arousal > 0 else "4")
    octave = 3 if p.valence < 0.3 else 4
    return [line for i, degree in enumerate(["1", "5", "1+"]) for line in p.bass_track(f"Bass-Power{i}", p.comp_voice, octave, pattern, [degree])]


@layer
def gallop(p):
    cell = p.rng.choice([[0, .5, .75], [0, .25, .5, .75], [0, .25, .5], [0, .5]])
    pattern = [(1 + beat + at, "16", 95 if at == 0 else 80) for beat in range(p.beats) for at in cell]
    return [line for i, degree in enumerate(["1", "5"]) for line in p.bass_track(f"Bass-Gallop{i}", "DistortionGuitar", 3, pattern, [degree])]


@layer
def tremolo(p):
    return p.bass_track("Bass-Tremolo", "OverdriveGuitar", 4 + (p.valence > 0), [(1 + i / 4, "16", 82) for i in range(p.beats * 4)],
                        [p.rng.choice(["1", "3", "5"])] * 4 + [p.rng.choice(["1", "3", "5", "6"])] * 4)


@layer
def riff(p):
    degrees = [p.rng.choice(["1", "1", "3", "4", "5", "6", "1+"]) for _ in range(p.rng.choice([3, 4, 6]))]
    return p.bass_track("Bass-Riff", p.comp_voice, 4, p.rhythm(2, 0.45, "8"), ["1", *degrees])


@layer
def comp(p):
    return p.chord_track("Chord-Own", p.comp_voice, 5, p.rhythm(2, 0.2 + 0.25 * (p.arousal + 1) / 2, p.rng.choice(["8", "4", "8"])))


@layer
def strum(p):
    return p.chord_track("Chord-Strum", p.rng.choice(["SteelGuitar", "NylonGuitar", p.comp_voice]), 5, p.rhythm(2, 0.5 + 0.25 * p.arousal, "4"), ["Strum 12"])


@layer
def organ(p):
    return p.chord_track("Chord-Organ", p.pad_voice, 4, p.rhythm(1, 0.3, p.rng.choice(["2", "1"])))


@layer
def brass(p):
    return p.chord_track("Chord-Brass", p.rng.choice(["BrassSection", "Trumpet", "TenorSax", "Trombone"]), 5, p.rhythm(2, 0.12, "8"))


@layer
def wah(p):
    return p.chord_track("Chord-Wah", p.rng.choice(["MutedGuitar", "Clavinet", "CleanGuitar"]), 5, p.rhythm(4, 0.3, "16"))


@layer
def stab(p):
    return p.chord_track("Chord-Stab", p.comp_voice, 5, p.rhythm(4, 0.12, p.rng.choice(["16", "8"])))


@layer
def loop(p):
    return p.chord_track("Chord-Loop", p.comp_voice, 4, p.rhythm(2, 0.15, p.rng.choice(["4", "2"])), ["Strum 6"])


@layer
def montuno(p):
    pattern = [(start, "8", 92) for start in p.rng.choice([(1, 2, 2.5, 3.5, 4.5), (1, 1.5, 2.5, 3.5, 4), (1.5, 2.5, 3, 4, 4.5), (1, 2.5, 4)])]
    return p.chord_track("Chord-Montuno", p.comp_voice, 5, pattern)


@layer
def pad(p):
    return p.chord_track("Chord-Pad", p.pad_voice, 4 if p.valence < 0 else 5, [(1, "1", 80)])


@layer
def strings(p):
    return p.chord_track("Chord-Strings", p.rng.choice(["Strings", "SlowStrings", "TremoloStrings"]), 5, p.rhythm(1, 0.25, "2"))


@layer
def lowstrings(p):
    return p.bass_track("Bass-Low", p.rng.choice(["Cello", "Contrabass", "Bassoon"]), 3, p.rhythm(1, 0.5, "4"), p.rng.choice([["1", "5"], ["1"], ["1", "3", "5"]]))


@layer
def pizzicato(p):
    return p.chord_track("Chord-Pizz", "PizzicatoString", 5, p.rhythm(2, 0.35, "8"))


def _arpeggio(p, name, voice, grid, octave):
    pattern = [(1 + i / grid, {1: "4", 2: "8", 4: "16"}[grid], 88 if i % grid == 0 else 74) for i in range(p.beats * grid)]
    return p.chord_track(name, voice, octave, pattern, [f"Direction {p.rng.choice(['Up', 'Down', 'Both', 'Random'])}"])


@layer
def arp(p):
    return _arpeggio(p, "Arpeggio-Own", p.comp_voice, 4 if p.arousal > 0.1 else 2, 5)


@layer
def slowarp(p):
    return _arpeggio(p, "Arpeggio-Slow", p.comp_voice, p.rng.choice([1, 2]), 5)


@layer
def alberti(p):
    return _arpeggio(p, "Arpeggio-Alberti", p.comp_voice, 2 if p.arousal < 0.4 else 4, 4)


@layer
def banjo(p):
    return _arpeggio(p, "Arpeggio-Banjo", p.rng.choice(["Banjo", "SteelGuitar"]), 4 if p.arousal > 0 else 2, 5)


@layer
def synthbass(p):
    return p.bass_track("Bass-Synth", p.bass_voice, 3, p.rhythm(4 if p.arousal > 0.3 else 2, 0.3, "16"), p.rng.choice([["1"], ["1", "1+"], ["1", "1", "5"]]))


@layer
def drone(p):
    return p.bass_track("Bass-Drone", p.rng.choice(["BowedGlass", "Contrabass", "SweepPad", "SynthBass1"]), 3, [(1, "1", 80)], ["1", "5"])


@layer
def percussion(p):
    tone = p.rng.choice(p.genre.percussion.split())
    hits = "; ".join(f"{start:g} 0 {volume}" for start, _, volume in p.rhythm(2, 0.35, "0"))
    return ["Begin Drum-Own", "  On", f"  Tone {tone}", f"  Volume {p.level(-1)}", "  Rvolume 12", f"  Sequence {{{hits}}}", "End"]
