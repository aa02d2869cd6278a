#!/usr/bin/env python3
"""How good a space sounds to an outside listener: MOS-LQO of its held-out clips, rendered as they are, at several shares of the recording.

    mos_of_space.py SONGSPACE SPACE                          20 held-out clips, 8 s each, at details 0, .5 and 1
    mos_of_space.py SONGSPACE SPACE --opus 12 24 32 48       the same clips through Opus too, as a scale
    mos_of_space.py SONGSPACE SPACE --all-clips              from all clips where few are held out: flatters what was trained on them

SONGSPACE is the program, SPACE a file that it has written. Recordings are looked for where it was learned from, or in --recordings. The clips,
one a recording, are drawn with --seed from those that are long enough; the seconds are the middle of each.

Rendered is `render --clip NUMBER --no-limiter --match-loudness off` under the clip's own labels. The sound begins with the clip's first chunk, so both are cut
by time alone: nothing is moved to fit better, and at detail 0 there is nothing to fit, as the phases are new. A clip whose chunks do not follow each
other without a gap up to there is left out. How they are compared, and at which level, stands in `judge_visqol.py`: the half sum of the channels.
Where `side_louder` says so the model has learned half the difference instead, and detail 0 is judged by what it never meant to be.

Prints JSON: for each detail the report of `judge_visqol.py`, with the mean and its 95 % interval by bootstrap over the clips. Above detail 0,
`out_of_step` counts the pairs whose waves fit best at another lag than 0: there the recording was not read as libsndfile reads it, and a
score hardly shows it. `clipped` counts samples at full scale: the file is written without a limiter.

Needs what `judge_visqol.py` needs; --opus needs opusenc and opusdec (Debian: opus-tools).
"""
import argparse
import json
import pathlib
import random
import subprocess
import tempfile

import judge_visqol
import numpy
import opus_anchors
import sound
import soundfile

DETAILS = [0, 0.5, 1]
# A scale that rises evenly with the rate: see `opus_anchors.py`.
OPUSENC = "--music --downmix-mono --set-ctl-int 4008=1105"
# Seconds by which chunks may miss each other: far below a hop of 5.8 ms.
ROUNDING_SECS = 1e-3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("songspace", type=pathlib.Path)
    parser.add_argument("space", type=pathlib.Path)
    parser.add_argument("--recordings", type=pathlib.Path, help="folder, where they have moved since the training")
    parser.add_argument("--details", type=float, nargs="+", default=DETAILS)
    parser.add_argument("--clips", type=int, default=20)
    parser.add_argument("--all-clips", action="store_true", help="draw from the clips learned from too")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--opus", type=float, nargs="+", default=[], metavar="KBITS", help="anchors at these rates")
    parser.add_argument("--opusenc", default=OPUSENC, metavar="ARGUMENTS", help="for opusenc (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="processes that judge (default: 1)")
    parser.add_argument("--level", type=float, default=judge_visqol.LEVEL_DB, help="of the reference, dBFS RMS (default: %(default)s)")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the references and renderings")
    args = parser.parse_args()
    space = read_space(args.space)
    root = args.recordings or pathlib.Path(space["corpus_root"])
    clips = choose(space, args.clips, args.all_clips, args.seconds, args.seed)
    if not clips:
        raise SystemExit(f"{args.space}: no clip is held out, {args.seconds:g} s long and without gaps; --all-clips takes those learned from")
    with tempfile.TemporaryDirectory() as folder:
        folder = args.keep or pathlib.Path(folder)
        cuts = [cut_reference(clip, root, folder / "reference", args.seconds) for clip in clips]
        details = [judge_detail(detail, cuts, folder, args) for detail in args.details]
        anchors = [opus_anchors.anchor([pathlib.Path(cut["reference"]) for cut in cuts], folder, rate, args) for rate in args.opus]
    drawn = {"of": len(space["clips"]), "held_out": sum(clip["held_out"] for clip in space["clips"]), "all_clips": args.all_clips}
    side_louder = sum(cut["side_louder"] for cut in cuts)
    made = {"space": args.space.name, "seed": args.seed, "seconds": args.seconds, "drawn": drawn, "side_louder": side_louder, "details": details}
    print(json.dumps(made | ({"anchors": anchors} if anchors else {}), indent=1))


def read_space(path):
    """What a space's file says of its clips: where their recordings lie, each with its `number` and the starts of its chunks in seconds."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.tell()

        def tensor(name, dtype):
            start, end = header[name]["data_offsets"]
            file.seek(data + start)
            return numpy.frombuffer(file.read(end - start), dtype)

        try:
            about = json.loads(header["__metadata__"]["songspace"])["meta"]
            clips = json.loads(tensor("clips.json", "u1").tobytes())
            owners, times = tensor("chunk.clip", "<u4"), tensor("chunk.start_valence_arousal", "<f4").reshape(-1, 3)
        except KeyError as missing:
            raise SystemExit(f"{path}: no space that this script can read: {missing} is missing") from None
    for number, clip in enumerate(clips):
        clip |= {"number": number, "starts": numpy.sort(times[owners == number, 0].astype(float))}
    chunk_secs = about["model"]["chunk_frames"] * about["model"]["hop_len"] / about["model"]["sample_rate_hz"]
    return {"corpus_root": about["corpus_root"], "chunk_secs": chunk_secs, "clips": clips}


def choose(space, count, all_clips, seconds, seed):
    """Clips in the order in which they were drawn, each with `at`: where its middle begins in the recording, in seconds."""
    usable = []
    for clip in space["clips"]:
        at = (clip["duration_secs"] - seconds) / 2
        if (clip["held_out"] or all_clips) and rendered_until(clip["starts"], space["chunk_secs"]) >= at + seconds and clip["starts"][0] <= at:
            usable.append({**clip, "at": at})
    usable.sort(key=lambda clip: clip["path"])
    return random.Random(seed).sample(usable, min(count, len(usable)))


def rendered_until(starts, chunk_secs):
    """The second of the recording up to which the chunks follow each other; 0 without chunks."""
    if not len(starts):
        return 0.0
    gaps = numpy.flatnonzero(numpy.abs(numpy.diff(starts) - chunk_secs) > ROUNDING_SECS)
    return float(starts[gaps[0] if len(gaps) else -1] + chunk_secs)


def cut_reference(clip, root, folder, seconds):
    """The clip with its seconds of the recording written to `reference`: all channels, at 48 kHz (soxr), float, at its own level."""
    recording = root / clip["path"]
    if not recording.is_file():
        raise SystemExit(f"{recording}: missing; --recordings says where the recordings have moved")
    samples, rate = sound.read(recording, None)
    first = round(clip["at"] * rate)
    samples = sound.resample(samples[first : first + round(seconds * rate)], rate, judge_visqol.RATE)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{clip['number']:05}.wav"
    soundfile.write(path, samples, judge_visqol.RATE, subtype="FLOAT")
    side_louder = samples.shape[1] == 2 and bool(numpy.sum(numpy.diff(samples, axis=1) ** 2) > numpy.sum(samples.sum(axis=1) ** 2))
    return {**clip, "reference": str(path), "side_louder": side_louder}


def judge_detail(detail, cuts, folder, args):
    """The clips rendered at a detail and judged."""
    place = folder / f"detail{detail:g}"
    place.mkdir(exist_ok=True)
    judged = judge_visqol.judge([render(cut, detail, place, args) for cut in cuts], args.jobs, args.level)
    in_step = {"out_of_step": sum(pair["lag"] != 0 for pair in judged)} if detail > 0 else {}
    return {"detail": detail, **in_step, **judge_visqol.report(judged, args.level)}


def render(cut, detail, place, args):
    """The pair of a reference and the same seconds as the space plays them."""
    whole, degraded = place / "whole.wav", place / pathlib.Path(cut["reference"]).name
    skipped = cut["at"] - cut["starts"][0]
    command = [args.songspace, "render", args.space, "--clip", cut["number"], "--detail", f"{detail:g}", "--no-limiter", "--match-loudness", "off"]
    command += ["--seconds", f"{skipped + args.seconds + 0.01:.4f}", "-o", whole]
    command += ["--recordings", args.recordings] if args.recordings else []
    said = run(*command)
    samples, rate = sound.read(whole, None)
    whole.unlink()
    if detail > 0 and samples.shape[1] != 2:
        raise SystemExit(f"{cut['path']}: the model played alone at detail {detail:g}: {said.strip()}")
    first = round(skipped * rate)
    samples = samples[first : first + round(args.seconds * rate)]
    soundfile.write(degraded, samples, rate, subtype="FLOAT")
    clipped = int(numpy.sum(numpy.abs(samples) >= 1 - 2**-20))
    return {"clip": cut["path"], "reference": cut["reference"], "degraded": str(degraded), "side_louder": cut["side_louder"], "clipped": clipped}


def run(*command):
    """What a command says on the way."""
    command = [str(part) for part in command]
    try:
        return subprocess.run(command, capture_output=True, check=True, text=True, stdin=subprocess.DEVNULL).stderr
    except FileNotFoundError:
        raise SystemExit(f"{command[0]}: no such program") from None
    except subprocess.CalledProcessError as failed:
        raise SystemExit(f"{' '.join(command)}: {failed.stderr.strip()}") from None


if __name__ == "__main__":
    main()
