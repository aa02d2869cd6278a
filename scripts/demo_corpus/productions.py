"""How the records of each genre are made: instruments' sounds, balance, places, amplifiers, rooms, pressure. Tables only."""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Production:
    room: tuple                   # seconds to -60 dB, level in dB under the dry sound, darkness 0..1
    levels: dict                  # loudness of the stems in dB, one to another; a stem that is not named is at -4
    press: float = 1.5            # ratio of the compressor over everything, at full arousal
    fonts: str = "fluid musescore"
    kits: str = "standard room"
    amplifier: float = 0.0        # gain in dB before the guitars' loudspeakers, at full arousal; 0 = none
    lead_amplifier: float = 0.0
    scoop: float = 0.0            # dB that the guitars lack in the middle
    drum_press: float = 1.5
    drum_room: float = -14.0      # level in dB of the drums' own small room
    tape: float = 0.0             # gain in dB into a tape at full arousal
    width: float = 1.0            # of the chords' sides
    lead_echo: float = 0.0
    air: float = 20000.0          # Hz at which the record ends
    floor: float = 28.0           # Hz at which it begins
    places: dict = field(default_factory=lambda: {"left": -.55, "right": .55, "lead": .08, "riff": 0, "pad": 0, "bass": 0, "drums": 0})


ORCHESTRA = {"left": -.65, "right": .5, "lead": -.25, "riff": .3, "pad": .1, "bass": .45, "drums": 0}
TRIO = {"left": -.5, "right": .35, "lead": .15, "riff": -.4, "pad": .5, "bass": .12, "drums": -.1}

PRODUCTIONS = {
    "Rock": Production(room=(.9, -17, .3), levels=dict(drums=0, bass=-3, riff=-1, left=-4, right=-4, lead=-2, pad=-8), press=2.5, fonts="fluid", kits="room power standard",
                       amplifier=17, lead_amplifier=11, scoop=0, drum_press=3, drum_room=-9, tape=3),
    "Metal": Production(room=(.5, -22, .2), levels=dict(drums=1, bass=-6, riff=2, left=-5, right=-5, lead=-2, pad=-8), press=4, fonts="fluid", kits="power",
                        amplifier=27, lead_amplifier=20, scoop=5, drum_press=4, drum_room=-15, tape=4, lead_echo=.25),
    "Pop": Production(room=(1.6, -15, .1), levels=dict(drums=0, bass=-6, chords=-1, lead=1), press=3.5, drum_press=2.5, drum_room=-18, tape=2, width=1.5),
    "Electronic": Production(room=(1.3, -17, .2), levels=dict(drums=0, bass=-5, chords=0, lead=-1), press=4.5, drum_press=2, drum_room=-24, tape=5, width=1.6),
    "Hip-Hop": Production(room=(.35, -24, .5), levels=dict(drums=1, bass=-4, chords=-2, lead=-3), press=3, drum_press=3, drum_room=-20, tape=5, width=.7, air=9500),
    "Soul-RnB": Production(room=(1.1, -17, .6), levels=dict(drums=0, bass=-4, left=-3, right=-4, lead=-1, pad=-5, riff=-5), press=2, fonts="musescore fluid", kits="standard room",
                           drum_press=2, drum_room=-14, tape=3, air=14500),
    "Jazz": Production(room=(.7, -15, .5), levels=dict(drums=-4, bass=-2, left=-3, right=-3, lead=1, pad=-8, riff=-6), press=1.1, fonts="musescore fluid", kits="jazz brush",
                       drum_press=1.1, drum_room=-10, width=1.2, places=TRIO),
    "Blues": Production(room=(.5, -14, .8), levels=dict(drums=-3, bass=-3, riff=-2, left=-5, right=-5, lead=1, pad=-5), press=1.6, fonts="fluid musescore", kits="jazz standard",
                        amplifier=9, lead_amplifier=10, drum_press=1.5, drum_room=-9, tape=8, width=.3, air=7500, floor=70,
                        places={"left": -.25, "right": .25, "lead": 0, "riff": -.15, "pad": .2, "bass": 0, "drums": 0}),
    "Country": Production(room=(.6, -20, .2), levels=dict(drums=-4, bass=-3, riff=-2, left=-1, right=-1, lead=0, pad=-7), press=1.8, fonts="fluid musescore", kits="brush standard",
                          drum_press=1.5, drum_room=-18, width=1.3),
    "Classical": Production(room=(2.3, -7, .5), levels=dict(drums=-9, bass=-4, left=-2, right=-3, lead=0, pad=-2, riff=-3), press=1.0, fonts="musescore", kits="standard",
                            drum_press=1., width=1.3, places=ORCHESTRA),
    "Latin": Production(room=(.8, -19, .1), levels=dict(drums=1, bass=-3, left=-2, right=-2, lead=-1, pad=-7, riff=-4), press=1.8, fonts="musescore fluid", kits="standard",
                        drum_press=1.4, drum_room=-13, width=1.4),
    "Ambient": Production(room=(5.5, -2, .7), levels=dict(drums=-9, bass=-5, chords=0, lead=-5), press=1.1, drum_press=1., drum_room=-30, width=1.9),
}
