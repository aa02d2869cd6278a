"""A song made in the studio: a style's beats, bass line, chords and lead as a Csound score, in sections that come and go."""
import os
from dataclasses import dataclass, field

from .harmony import harmony
from .melody import tune
from .styles import KITS, STYLES

SAMPLES = "/usr/share/sonic-pi/samples"
BUSES = {"drums": 1, "bass": 3, "chords": 5, "lead": 7}
# Which parts play in a section; a song of half a minute shows three or four of them.
SECTIONS = {"full": "kick snare hat bass chords lead", "lift": "snare hat chords lead", "groove": "kick snare hat bass chords", "beat": "kick snare hat bass lead",
            "rest": "hat bass chords", "air": "chords lead"}
FORMS = ["groove full lift full", "full full rest full", "beat full full air", "groove groove full full", "rest full full lift", "full beat full full"]
CALM_FORMS = ["air full air groove", "groove full groove air", "full groove full full", "rest full full groove"]


@dataclass
class Score:
    """A Csound score under way. Times are in sixteenths."""
    step: float                   # seconds
    swing: float
    lines: list = field(default_factory=list)
    tables: dict = field(default_factory=dict)
    kicks: list = field(default_factory=list)     # seconds

    def seconds(self, at):
        return (at + (self.swing if int(at) % 2 else 0)) * self.step

    def note(self, instrument, at, length, level, pitch, colour, place, bus, *more):
        extra = " ".join(f"{x:g}" for x in more)
        self.lines.append(f'i "{instrument}" {max(0, self.seconds(at)):.4f} {max(.03, length * self.step):.4f} {level:.3f} {pitch:g} {colour:.3f} {place:.3f} {BUSES[bus]} {extra}')

    def table(self, sample):
        """The number of a recorded hit's table, which the score then loads."""
        if sample not in self.tables:
            self.tables[sample] = 500 + len(self.tables)
        return self.tables[sample]

    def text(self, seconds):
        loads = [f'f {number} 0 0 1 "{SAMPLES}/{name}.flac" 0 0 1' for name, number in self.tables.items()]
        return "\n".join([*loads, *self.lines, f"f 0 {seconds:.2f}", "e"]) + "\n"


@dataclass(frozen=True)
class StudioSong:
    source: str       # Csound score
    mode: str
    tempo: int
    groove: str       # the style
    kicks: list       # seconds at which the kick presses the others down
    duck: float
    echo: float       # level of the lead's echo
    beat: float       # seconds


def families(genre):
    """The styles of a genre, or none where it is played by a band."""
    return list(STYLES.get(genre, {}))


def compose(rng, genre, name, style_name, valence, arousal, seconds):
    """Draws one song of at least `seconds` seconds; `valence` and `arousal` in -1..1 shape every choice."""
    style = STYLES[name][style_name]
    tempo = _tempo(rng, style, valence, arousal)
    step = 15 / tempo
    bars = int(seconds / (16 * step)) + 2
    score = Score(step, style.swing * rng.uniform(.7, 1.2))
    chords = harmony(rng, genre, valence, bars)
    lead = tune(rng, chords, 4, valence, arousal) if rng.random() < genre.lead_chance else [None] * bars
    energy = (arousal + 1) / 2
    colour = lambda spread=.12: max(.02, min(1, .3 + .5 * energy + .16 * valence + rng.gauss(0, spread)))
    form = (rng.choice(CALM_FORMS if arousal < -.3 else FORMS)).split()
    section = 2 if tempo < 90 else 4
    players = [part(rng, style, valence, arousal, colour()) for part in (Drums, Bass, Chords, Lead)]
    for bar in range(bars):
        playing = SECTIONS[form[bar // section % len(form)]].split()
        last = bar % section == section - 1
        for player in players:
            player.bar(score, bar * 16, playing, chords.bars[bar], lead[bar], last)
    _weather(rng, score, style, chords, colour(), bars)
    return StudioSong(score.text(bars * 16 * step), chords.mode, tempo, style_name, score.kicks, style.duck * (.6 + .5 * energy), style.echo, step * 4)


def _tempo(rng, style, valence, arousal):
    low, high = style.tempo
    return round(low + (high - low) * max(0.0, min(1.0, .5 + .45 * arousal + .06 * valence + rng.gauss(0, .08))))


def _weather(rng, score, style, chords, colour, bars):
    if style.weather == "Crackle":
        score.note("Crackle", 0, bars * 16, .5, 60, colour, .5, "drums")
    elif style.weather == "Wind":
        score.note("Wind", 0, bars * 16, .25, 60, colour, .5, "drums")
    elif style.weather == "Grains":
        for bar in range(0, bars, 2):
            score.note("Grains", bar * 16, 34, .3, 60 + chords.bars[bar].tones[rng.randrange(3)], colour, .5, "drums", rng.uniform(14, 50))


def _hits(beat, at):
    """Position, level and mark of every hit of the bar that begins at `at`."""
    start = at % len(beat) if beat else 0
    for i, mark in enumerate(beat[start:start + 16]):
        if mark != ".":
            yield at + i, .55 if mark == "o" else 1.0, mark


def _graded(rng, beats, arousal):
    """One of a list that runs from calm to excited."""
    place = (arousal + 1) / 2 * (len(beats) - 1) + rng.gauss(0, .35)
    return beats[max(0, min(len(beats) - 1, round(place)))] if beats else ""


class Drums:
    def __init__(self, rng, style, valence, arousal, colour):
        self.rng, self.colour, self.level = rng, colour, .75 + .25 * arousal
        self.kick, self.snare, self.hat = (_graded(rng, beats, arousal) for beats in (style.kicks, style.snares, style.hats))
        self.kit = [rng.choice(choice) for choice in KITS[style.kit]] if style.kit else None
        self.ticks = style.ticks if rng.random() < .75 else ""
        self.tick = (rng.randrange(70, 92), rng.uniform(.2, .8), rng.uniform(.03, .12), rng.uniform(.2, .8))
        self.silent = arousal < -.55 and rng.random() < .5        # the calmest do without a kick

    def bar(self, score, at, playing, chord, sung, last):
        if not self.kit:
            return
        kick, snare, hat, opened = self.kit
        if "kick" in playing and not self.silent:
            for when, level, _ in _hits(self.kick, at):
                score.kicks.append(score.seconds(when))
                self.hit(score, kick, when, .8 * level, .5, .15 + .5 * self.colour)
        if "snare" in playing:
            for when, level, _ in _hits(self.snare, at):
                self.hit(score, snare, when, .9 * level, .5, .5)
            if last and self.rng.random() < .5:
                for i in range(12, 16):
                    self.hit(score, snare, at + i, .3 + .1 * (i - 12), .5, .5)
        if "hat" in playing:
            for when, level, mark in _hits(self.hat, at):
                for i in range(3 if mark == "r" else 1):
                    self.hit(score, hat, when + i / 3, .6 * level * self.rng.uniform(.7, 1), .6, .4)
            if self.rng.random() < .3:
                self.hit(score, opened, at + 14, .35, .6, .4)
            for when, level, _ in _hits(self.ticks, at):
                pitch, tone, ring, place = self.tick
                score.note("Tick", when, 2, .3 * level, pitch, tone, place, "drums", ring)
        if last and "kick" in playing and self.rng.random() < .3:
            score.note("Riser", at, 16, .5, 60, .5, .5, "drums")

    def hit(self, score, sound, at, level, place, colour):
        level *= self.level * self.rng.uniform(.9, 1.05)
        if " " in sound:
            instrument, pitch, ring = sound.split()
            score.note(instrument, at, 8, level, float(pitch), colour, place, "drums", float(ring), colour)
        else:
            score.note("Sample", at, 8, level, 60, colour, place, "drums", score.table(sound))


class Bass:
    def __init__(self, rng, style, valence, arousal, colour):
        self.rng, self.style, self.colour = rng, style, colour
        self.long = style.bass in ("SubBass", "Pad", "Glass", "Reese")
        self.thin = arousal < -.4
        self.last = None

    def bar(self, score, at, playing, chord, sung, last):
        if "bass" not in playing:
            return
        root = 28 + (chord.tones[0] - 28) % 12
        hits = [h for i, h in enumerate(_hits(self.style.bassline, at)) if not self.thin or i % 2 == 0]
        for (when, level, mark), after in zip(hits, [h[0] for h in hits[1:]] + [at + 16]):
            pitch = root + {"o": 12, "r": 7}.get(mark, 0)
            length = (after - when) * (.95 if self.long else .8)
            attack = {"AcidBass": [self.rng.choice([0, .3, 1])], "SubBass": [self.last or pitch], "Pad": [1.], "Glass": [1.]}.get(self.style.bass, [])
            score.note(self.style.bass, when, length, .6 * (1 if mark == "o" else level), pitch + (12 if self.style.bass in ("Pad", "Glass") else 0), self.colour, .5, "bass", *attack)
            self.last = pitch


class Chords:
    def __init__(self, rng, style, valence, arousal, colour):
        self.rng, self.style, self.colour = rng, style, colour
        self.instrument = rng.choice(style.chords.split())
        self.centre = 57 + round(4 * valence) + rng.randrange(-2, 3)
        self.order = style.rhythm if style.rhythm in ("up", "down", "both") else None
        self.pace = 1 if arousal > 0 else 2

    def bar(self, score, at, playing, chord, sung, last):
        if "chords" not in playing:
            return
        tones = chord.with_seventh() if self.rng.random() < .8 else chord.tones
        pitches = sorted(self.centre + (tone - self.centre) % 12 for tone in tones)
        if self.order:
            ladder = pitches + [p + 12 for p in pitches]
            ladder = {"up": ladder, "down": ladder[::-1], "both": ladder + ladder[-2:0:-1]}[self.order]
            for i in range(0, 16, self.pace):
                self.play(score, at + i, self.pace * 1.1, ladder[i // self.pace % len(ladder)], .5, .15 + .7 * (i // self.pace % 2))
        elif self.style.rhythm == "long":
            for i, pitch in enumerate(pitches):
                self.play(score, at, 16 * (1.15 if self.style.attack > .3 else 1), pitch, .35, i / (len(pitches) - 1))
        else:
            hits = list(_hits(self.style.rhythm, at))
            for (when, level, _), after in zip(hits, [h[0] for h in hits[1:]] + [at + 16]):
                for i, pitch in enumerate(pitches):
                    self.play(score, when, min(6, after - when) * .85, pitch, .4 * level, .2 + .6 * i / (len(pitches) - 1))

    def play(self, score, at, length, pitch, level, place):
        attack = {"Voice": [pitch], "Supersaw": [self.style.attack], "Pad": [self.style.attack], "Glass": [self.style.attack]}.get(self.instrument, [])
        score.note(self.instrument, at, length, level * self.rng.uniform(.85, 1), pitch, self.colour, place, "chords", *attack)


class Lead:
    def __init__(self, rng, style, valence, arousal, colour):
        leads = style.leads.split()
        place = (valence + 1) / 2 * (len(leads) - 1) + rng.gauss(0, .5)
        self.instrument = leads[max(0, min(len(leads) - 1, round(place)))]
        self.colour, self.place = colour, rng.uniform(.38, .62)
        self.last = None

    def bar(self, score, at, playing, chord, sung, last):
        if "lead" not in playing or not sung:
            return
        when = at
        for eighths, pitch in sung:
            if pitch is not None:
                slide = {"Bell": [], "Flute": [], "Pluck": [], "Supersaw": [.01], "Glass": [.3]}.get(self.instrument, [self.last or pitch])
                score.note(self.instrument, when, eighths * 2 * .92, .5, pitch, self.colour, self.place, "lead", *slide)
                self.last = pitch
            when += 2 * eighths


def missing_samples():
    """Whether Debian's sonic-pi-samples are not installed."""
    return not os.path.isdir(SAMPLES)
