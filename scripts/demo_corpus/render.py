"""MMA source to an audio file: mma -> fluidsynth -> a sound chain shaped by the labels -> one level for all -> the wanted format."""
import array
import math
import os
import subprocess
import tempfile
import wave

SOUND_FONT = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
LEVEL_DBFS, CEILING_DBFS = -19.0, -1.0


class RenderError(Exception):
    pass


def render(rng, genre, source, valence, arousal, seconds, target, rate=44100, channels=1, codec=("-c:a", "libvorbis", "-q:a", "3")):
    """Writes `seconds` seconds of the song to `target`; raises RenderError where a tool fails or the sound is broken."""
    with tempfile.TemporaryDirectory() as scratch:
        path = lambda name: os.path.join(scratch, name)
        with open(path("song.mma"), "w") as out:
            out.write(source)
        _run(["mma", "-f", path("song.mid"), path("song.mma")], scratch)
        room = max(0.05, min(0.95, genre.tone[3] - 0.2 * arousal + rng.gauss(0, 0.08)))
        _run(["fluidsynth", "-ni", "-q", "-g", "0.5", "-r", "44100", "-o", f"synth.reverb.room-size={room:.2f}", "-o",
              f"synth.reverb.level={0.25 + 0.5 * room:.2f}", "-o", f"synth.chorus.active={rng.randrange(2)}", "-O", "s16", "-F", path("raw.wav"),
              SOUND_FONT, path("song.mid")], scratch)
        chain = ",".join(_chain(rng, genre, valence, arousal, seconds))
        _run(["ffmpeg", "-nostdin", "-y", "-v", "error", "-ss", f"{rng.uniform(0, 0.4):.2f}", "-t", str(seconds), "-i", path("raw.wav"), "-af", chain,
              "-ac", "1", "-ar", "44100", path("shaped.wav")], scratch)
        gain_db = _gain_db(path("shaped.wav"), seconds)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        _run(["ffmpeg", "-nostdin", "-y", "-v", "error", "-i", path("shaped.wav"), "-af",
              f"volume={gain_db:.2f}dB,alimiter=limit={10 ** (CEILING_DBFS / 20):.3f}:level=false", "-ac", str(channels), "-ar", str(rate),
              "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", *codec, target], scratch)


def _chain(rng, genre, valence, arousal, seconds):
    """Tone and dynamics: bright and open for high labels, dull and soft for low ones, driven where the genre drives."""
    bass_db, middle_db, air_db, _ = genre.tone
    body_db = bass_db - 2.0 * valence + rng.gauss(0, 1.2)
    presence_db = 2.0 * valence + rng.gauss(0, 0.9)
    treble_db = air_db + 7.5 * arousal + rng.gauss(0, 1.1)
    yield "highpass=f=28"
    drive = genre.drive * max(0.0, arousal + 0.2) * rng.uniform(0.6, 1.2)
    if drive > 0.1:
        yield f"volume={4 + 10 * drive:.1f}dB,asoftclip=type=tanh:oversample=2"
    yield f"bass=g={body_db:.1f}:f=180"
    yield f"equalizer=f=700:width_type=o:width=2:g={middle_db:.1f}"
    yield f"equalizer=f=1800:width_type=o:width=2.2:g={presence_db:.1f}"
    yield f"treble=g={treble_db:.1f}:f=5000:width_type=o:width=2"
    if arousal < -0.25:
        yield f"lowpass=f={11000 + 9000 * arousal + rng.uniform(-1200, 1200):.0f}:poles=1"
    if arousal > 0:
        yield f"acompressor=threshold=-24dB:ratio={1.2 + 3 * arousal:.2f}:attack=8:release=120"
    yield f"afade=t=in:d=0.02,afade=t=out:st={seconds - 0.06:.2f}:d=0.06"


def _gain_db(path, seconds):
    """Gain to the common level, from the mean power; refuses short, silent and gappy renders."""
    with wave.open(path) as sound:
        rate, samples = sound.getframerate(), array.array("h", sound.readframes(sound.getnframes()))
    if len(samples) < (seconds - 0.6) * rate:
        raise RenderError(f"only {len(samples) / rate:.1f} s were rendered")
    powers = []
    for start in range(0, len(samples) - rate + 1, rate):
        second = samples[start:start + rate:7]
        powers.append(sum(x * x for x in second) / len(second) / 32768 ** 2)
    mean = sum(powers) / len(powers)
    if mean < 1e-6 or sum(p < mean * 10 ** -3.5 for p in powers) > 1:
        raise RenderError("the render is silent or has long gaps")
    return LEVEL_DBFS - 10 * math.log10(mean)


def _run(command, folder):
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise RenderError(f"{command[0]}: {(done.stdout + done.stderr).strip()[-300:]}")
