"""The players of one song: each part draws its own rhythm, register and instrument and gives the MMA lines of one track."""

LOUDNESS = ["pp", "p", "mp", "m", "mf", "f", "ff"]
LAYERS = {}      # the parts a genre may play over its groove, by name


def layer(part):
    LAYERS[part.__name__] = part
    return part


class Players:
    """What all parts of a song share: its voices, loudness and touch, each shaped by valence and arousal."""

    def __init__(self, rng, genre, beats, valence, arousal):
        self.rng, self.genre, self.beats, self.valence, self.arousal = rng, genre, beats, valence, arousal
        self.lead_voice, self.comp_voice, self.pad_voice = self.pick(genre.leads), self.pick(genre.comps), self.pick(genre.pads)
        self.bass_voice = rng.choice(genre.basses.split())
        self.lift = (valence > 0.4) - (valence < -0.4)
        self.energy = (arousal + 1) / 2

    def pick(self, names):
        """A voice from a list that runs dark to bright, placed by valence."""
        names = names.split()
        place = (self.valence + 1) / 2 * (len(names) - 1) + self.rng.gauss(0, 0.8)
        return names[max(0, min(len(names) - 1, round(place)))]

    def level(self, offset=0):
        place = 3.2 + 2.4 * self.arousal + offset + self.rng.gauss(0, 0.5)
        return LOUDNESS[max(1, min(len(LOUDNESS) - 1, round(place)))]

    def articulation(self):
        return round(max(40, min(110, 88 - 22 * self.valence - 8 * self.arousal + self.rng.gauss(0, 8))))

    def substitutions(self):
        """The genre's instruments for the groove's own ones, so a library's sound does not give the groove away."""
        roles = [("Piano1 NylonGuitar SteelGuitar CleanGuitar JazzGuitar Piano2 Organ1 RhodesPiano", self.genre.comps),
                 ("Strings SlowStrings WarmPad ChoirAahs", self.genre.pads), ("AcousticBass FingeredBass", self.genre.basses)]
        changes = []
        for voices, palette in roles:
            stand_in = self.pick(palette)
            changes += [f"{voice}={stand_in}" for voice in voices.split() if voice not in palette.split() and self.rng.random() < 0.8]
        return [f"VoiceTr {' '.join(changes)}"] if changes else []

    def lead(self):
        octave = 4 if self.lead_voice in ("SynthBass1", "Trombone", "Cello") else 5
        return ["Begin Solo", f"  Voice {self.lead_voice}", f"  Octave {octave}", f"  Articulate {self.articulation()}", f"  Volume {self.level(1)}",
                "  Harmony " + self.rng.choice(["None", "None", "None", "2Below"]), "End"]

    def section(self, first, bare, drums):
        """How a section of some bars differs from the last: level, swells, who is silent."""
        lines = [f"Volume {self.level(-1 if first else 0)}"]
        if bare:
            lines.append("AllTracks Chord Arpeggio Scale Off")
        if not drums or (first and self.rng.random() < 0.2):
            lines.append("AllTracks Drum Off")
        if self.rng.random() < 0.2:
            rising = self.rng.random() < 0.6
            lines.append(f"{'Cresc' if rising else 'Decresc'} {self.level(-1 if rising else 1)} {self.level(1 if rising else -1)} 4")
        return lines

    def rhythm(self, grid, density, length):
        """One bar of (start, length, volume) on `grid` steps a beat, always with its first beat."""
        notes = []
        for step in range(self.beats * grid):
            on_beat = step % grid == 0
            if step == 0 or self.rng.random() < density + (0.25 if on_beat else -0.05):
                notes.append((1 + step / grid, length, 95 if step == 0 else 85 if on_beat else 72))
        return notes

    def chords(self, name, voice, octave, pattern, extra=()):
        sequence = "; ".join(f"{start:g} {length} {volume}" for start, length, volume in pattern)
        return self._track(name, voice, octave + self.lift, sequence, ["Rvolume 8", "Rtime 4", *extra])

    def line(self, name, voice, octave, pattern, degrees):
        notes = (f"{start:g} {length} {degrees[i % len(degrees)]} {volume}" for i, (start, length, volume) in enumerate(pattern))
        return self._track(name, voice, octave, "; ".join(notes), ["Rvolume 6"])

    def arpeggio(self, name, voice, grid, octave):
        pattern = [(1 + i / grid, {1: "4", 2: "8", 4: "16"}[grid], 88 if i % grid == 0 else 74) for i in range(self.beats * grid)]
        return self.chords(name, voice, octave, pattern, [f"Direction {self.rng.choice(['Up', 'Down', 'Both', 'Random'])}"])

    def hits(self, name, tone, pattern, level=-1):
        sequence = "; ".join(f"{start:g} 0 {volume}" for start, _, volume in pattern)
        return [f"Begin Drum-{name}", "  On", f"  Tone {tone}", f"  Volume {self.level(level)}", "  Rvolume 12", f"  Sequence {{{sequence}}}", "End"]

    def bass(self):
        degrees = self.rng.choice([["1"], ["1", "5"], ["1", "1", "5", "6"], ["1", "3", "5"], ["1", "1+"], ["1", "5", "1+", "5"]])
        return self.line("Bass-Own", self.bass_voice, 3, self.rhythm(2, 0.15 + 0.3 * self.energy, "8" if self.arousal > 0 else "4"), degrees)

    def _track(self, name, voice, octave, sequence, settings):
        return [f"Begin {name}", "  On", f"  Voice {voice}", f"  Octave {octave}", f"  Articulate {self.articulation()}", f"  Volume {self.level()}",
                *(f"  {setting}" for setting in settings), f"  Sequence {{{sequence}}}", "End"]


@layer
def power(p):
    pattern = p.rhythm(2, 0.25 + 0.35 * p.energy, "8" if p.arousal > 0 else "4")
    octave = 3 if p.valence < 0.3 else 4
    return [line for i, degree in enumerate(["1", "5", "1+"]) for line in p.line(f"Bass-Power{i}", p.comp_voice, octave, pattern, [degree])]


@layer
def gallop(p):
    cell = p.rng.choice([[0, .5, .75], [0, .25, .5, .75], [0, .25, .5], [0, .5]])
    pattern = [(1 + beat + at, "16", 95 if at == 0 else 80) for beat in range(p.beats) for at in cell]
    return [line for i, degree in enumerate(["1", "5"]) for line in p.line(f"Bass-Gallop{i}", "MutedGuitar", 3, pattern, [degree])]


@layer
def tremolo(p):
    degrees = [p.rng.choice(["1", "3", "5"])] * 4 + [p.rng.choice(["1", "3", "5", "6"])] * 4
    return p.line("Bass-Tremolo", "CleanGuitar", 4 + (p.valence > 0), [(1 + i / 4, "16", 82) for i in range(p.beats * 4)], degrees)


@layer
def riff(p):
    degrees = [p.rng.choice(["1", "1", "3", "4", "5", "6", "1+"]) for _ in range(p.rng.choice([3, 4, 6]))]
    return p.line("Bass-Riff", p.comp_voice, 4, p.rhythm(2, 0.45, "8"), ["1", *degrees])


@layer
def boogie(p):
    """The shuffle figure of root and fifth, root and sixth."""
    pattern = [(1 + i / 2, "8", 90 if i % 2 == 0 else 75) for i in range(p.beats * 2)]
    voice = p.rng.choice(["CleanGuitar", "OverdriveGuitar", "Piano3"])
    upper = p.rng.choice([["5", "5", "6", "6"], ["5", "6", "5", "6"], ["5", "5", "6", "5"]])
    return p.line("Bass-Boogie0", voice, 3, pattern, ["1"]) + p.line("Bass-Boogie1", voice, 3, pattern, upper)


@layer
def walk(p):
    sequence = "; ".join(f"{beat + 1} 4 {90 if beat % 2 else 80}" for beat in range(p.beats))
    return ["Begin Walk-Own", "  On", f"  Voice {p.bass_voice}", "  Octave 3", "  Articulate 90", f"  Volume {p.level(1)}", f"  Sequence {{{sequence}}}", "End"]


@layer
def twobeat(p):
    return p.line("Bass-Two", p.bass_voice, 3, [(beat, "4", 92) for beat in range(1, p.beats + 1, 2)], ["1", "5"])


@layer
def synthbass(p):
    pattern = p.rng.choice([p.rhythm(4 if p.arousal > 0.3 else 2, 0.3, "16"), [(1.5 + beat, "8", 90) for beat in range(p.beats)]])
    return p.line("Bass-Synth", p.bass_voice, 3, pattern, p.rng.choice([["1"], ["1", "1+"], ["1", "1", "5"]]))


@layer
def sub(p):
    return p.line("Bass-Sub", "SynthBass1", 2, p.rhythm(2, 0.1 + 0.2 * p.energy, "2"), p.rng.choice([["1"], ["1", "1", "5"], ["1", "6"]])) + claps(p)


@layer
def drone(p):
    return p.line("Bass-Drone", p.rng.choice(["BowedGlass", "ContraBass", "SweepPad", "SynthBass1"]), 3, [(1, "1", 80)], ["1", "5"])


@layer
def lowstrings(p):
    voice = p.rng.choice(["Cello", "ContraBass", "Bassoon"])
    return p.line("Bass-Low", voice, 3, p.rhythm(1, 0.5, "4"), p.rng.choice([["1", "5"], ["1"], ["1", "3", "5"]]))


@layer
def comp(p):
    return p.chords("Chord-Own", p.comp_voice, 5, p.rhythm(2, 0.2 + 0.25 * p.energy, p.rng.choice(["8", "4", "8"])))


@layer
def strum(p):
    return p.chords("Chord-Strum", p.rng.choice(["SteelGuitar", "NylonGuitar", p.comp_voice]), 5, p.rhythm(2, 0.5 + 0.25 * p.arousal, "4"), ["Strum 12"])


@layer
def organ(p):
    return p.chords("Chord-Organ", p.pad_voice, 4, p.rhythm(1, 0.3, p.rng.choice(["2", "1"])))


@layer
def brass(p):
    return p.chords("Chord-Brass", p.rng.choice(["BrassSection", "Trumpet", "TenorSax", "Trombone"]), 5, p.rhythm(2, 0.12, "8"))


@layer
def wah(p):
    return p.chords("Chord-Wah", p.rng.choice(["MutedGuitar", "Clavinet"]), 5, p.rhythm(4, 0.3, "16"))


@layer
def stab(p):
    return p.chords("Chord-Stab", p.comp_voice, 5, p.rhythm(4, 0.12, p.rng.choice(["16", "8"])))


@layer
def loop(p):
    return p.chords("Chord-Loop", p.comp_voice, 4, p.rhythm(2, 0.15, p.rng.choice(["4", "2"])), ["Strum 6"])


@layer
def montuno(p):
    starts = p.rng.choice([(1, 2, 2.5, 3.5, 4.5), (1, 1.5, 2.5, 3.5, 4), (1.5, 2.5, 3, 4, 4.5), (1, 2.5, 4)])
    return p.chords("Chord-Montuno", p.comp_voice, 5, [(start, "8", 92) for start in starts if start < p.beats + 1])


@layer
def pad(p):
    return p.chords("Chord-Pad", p.pad_voice, 4 if p.valence < 0 else 5, [(1, "1", 80)])


@layer
def strings(p):
    return p.chords("Chord-Strings", p.rng.choice(["Strings", "SlowStrings", "TremoloStrings"]), 5, p.rhythm(1, 0.25, "2"))


@layer
def pizzicato(p):
    return p.chords("Chord-Pizz", "PizzicatoString", 5, p.rhythm(2, 0.35, "8"))


@layer
def arp(p):
    return p.arpeggio("Arpeggio-Own", p.comp_voice, 4 if p.arousal > 0.1 else 2, 5)


@layer
def slowarp(p):
    return p.arpeggio("Arpeggio-Slow", p.comp_voice, p.rng.choice([1, 2]), 5)


@layer
def alberti(p):
    return p.arpeggio("Arpeggio-Alberti", p.comp_voice, 2 if p.arousal < 0.4 else 4, 4)


@layer
def banjo(p):
    return p.arpeggio("Arpeggio-Banjo", p.rng.choice(["Banjo", "SteelGuitar"]), 4 if p.arousal > 0 else 2, 5)


@layer
def percussion(p):
    return p.hits("Own", p.rng.choice(p.genre.percussion.split()), p.rhythm(2, 0.35, "0"))


@layer
def doublekick(p):
    """Two feet on two bass drums."""
    cell = p.rng.choice([(0, .25, .5, .75), (0, .5, .75), (0, .25, .5)])
    return p.hits("Kicks", "KickDrum1", [(1 + beat + at, "0", 95) for beat in range(p.beats) for at in cell], 0)


@layer
def claps(p):
    return p.hits("Claps", "HandClap", [(beat, "0", 90) for beat in range(2, p.beats + 1, 2)], 0)


@layer
def ride(p):
    """The swing figure on the ride cymbal."""
    swung = [(beat + 0.67, "0", 70) for beat in range(2, p.beats + 1, 2)]
    return p.hits("Ride", "RideCymbal1", sorted([(beat, "0", 88) for beat in range(1, p.beats + 1)] + swung))


@layer
def congas(p):
    """Clave, shaker and two drums: what stays when everything else falls silent."""
    clave = p.rng.choice([(1, 2.5, 4), (2, 3), (1, 2.5, 4, 4.5), (1, 2.5, 3.5)])
    return (p.hits("Clave", p.rng.choice(["Claves", "SideKick", "CowBell"]), [(at, "0", 88) for at in clave if at < p.beats + 1])
            + p.hits("Shaker", p.rng.choice(["Cabasa", "Maracas"]), [(1 + i / 2, "0", 85 if i % 2 else 65) for i in range(p.beats * 2)])
            + p.hits("Conga", "OpenHighConga", [(at, "0", 90) for at in (4, 4.5) if at < p.beats + 1], 0)
            + p.hits("LowConga", "LowConga", p.rhythm(2, 0.2, "0"), 0))
