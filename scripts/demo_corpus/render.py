"""One song from its genre and labels to an audio file: a band or the studio plays, the mix makes a record, FFmpeg writes it."""
import os
import tempfile

from . import band, sound, studio
from .arrange import arrange
from .mix import record
from .productions import PRODUCTIONS
from .tools import RenderError, run

ORCHESTRA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "studio.orc")


def render(rng, name, genre, family, valence, arousal, seconds, target, rate=44100, channels=2, codec=("-c:a", "libvorbis", "-q:a", "5")):
    """Writes `seconds` seconds of a new song to `target` and returns it; raises RenderError where a tool fails or the sound is broken."""
    production = PRODUCTIONS[name]
    with tempfile.TemporaryDirectory() as scratch:
        if family in studio.families(name):
            song = studio.compose(rng, genre, name, family, valence, arousal, seconds)
            stems, made = _csound(song, scratch, seconds), song
        else:
            song = arrange(rng, genre, family, valence, arousal, seconds + 1)
            stems, made = band.play(song.source, scratch, rng.choice(production.fonts.split()), rng.choice(production.kits.split()), seconds), None
        mixed = record(rng, stems, genre, production, valence, arousal, seconds, made)
        raw = os.path.join(scratch, "master.raw")
        mixed.T.astype("<f4").tofile(raw)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        run(["ffmpeg", "-nostdin", "-y", "-v", "error", "-f", "f32le", "-ar", str(sound.RATE), "-ac", "2", "-i", raw, "-ac", str(channels), "-ar", str(rate),
             "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", *codec, target], scratch)
    return song


def _csound(song, scratch, seconds):
    score, raw = os.path.join(scratch, "song.sco"), os.path.join(scratch, "song.raw")
    with open(score, "w") as out:
        out.write(song.source)
    run(["csound", "-d", "-m0", "-h", "-f", "-o", raw, ORCHESTRA, score], scratch)
    buses = sound.load(raw, 8)
    if buses.shape[1] < (seconds - .6) * sound.RATE:
        raise RenderError(f"only {buses.shape[1] / sound.RATE:.1f} s were rendered")
    length = round(seconds * sound.RATE)
    return {name: sound.fit(buses[bus - 1:bus + 1], length) for name, bus in studio.BUSES.items()}
