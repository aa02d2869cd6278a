"""The styles of the genres that are made in the studio: beats, machines, synthesisers. Tables only.

A beat is sixteen steps of a bar: x a hit, o a soft one, r a roll, . none; two bars where it is longer. Lists of beats run from calm to excited.
A style belongs to one side of the hold-out only, as a family does: the last of each genre are its test side.
"""
from dataclasses import dataclass

FOUR, HOUSE_HATS = "x...x...x...x...", ["..x...x...x...x.", "x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo"]
BACKBEAT, HALF_TIME = "....x.......x...", "........x......."


@dataclass(frozen=True)
class Style:
    tempo: tuple                  # bpm at arousal -1 and +1
    kit: str                      # see KITS
    kicks: list
    snares: list
    hats: list
    bass: str                     # instrument of studio.orc
    bassline: str                 # a beat of which each hit plays the root; o its octave, with r the fifth
    chords: str                   # instruments of studio.orc, of which one plays
    rhythm: str                   # long, or the beat of the chords, or up / down / both: an arpeggio in sixteenths
    leads: str                    # instruments of studio.orc, dark to bright
    swing: float = 0.0            # how late the second of two sixteenths comes, as a share of one
    duck: float = 0.0             # how deep the kick presses everything else down
    ticks: str = ""               # a beat of woodblocks and blips
    weather: str = ""             # what lies under it: Wind, Crackle, Grains
    echo: float = 0.25            # how loud the lead's echo is
    attack: float = 0.02          # of the chords, seconds


# Kick, snare, hat and open hat of a drum machine or kit: an instrument with its pitch and ring, or a recorded hit.
KITS = {
    "909": (["Kick 33 .32", "bd_haus", "bd_klub", "Kick 31 .4"], ["Clap 60 .6", "Snare 55 .16", "Clap 60 .3"], ["Hat 60 .05"], ["Hat 60 .3"]),
    "hard": (["bd_tek", "Kick 30 .45", "bd_gas"], ["Clap 60 .4", "sn_dub"], ["Hat 60 .04", "elec_tick"], ["Hat 60 .22", "drum_cymbal_open"]),
    "808": (["Kick 29 .6", "bd_808"], ["Snare 58 .13", "Clap 60 .5", "perc_snap"], ["Hat 60 .035"], ["Hat 60 .3"]),
    "dusty": (["bd_boom", "drum_heavy_kick", "bd_zum"], ["sn_dolf", "drum_snare_soft", "sn_generic"], ["drum_cymbal_pedal", "drum_cymbal_closed"], ["drum_cymbal_open"]),
    "break": (["drum_bass_hard", "bd_pure"], ["drum_snare_hard", "sn_zome"], ["drum_cymbal_closed"], ["drum_cymbal_open"]),
    "linn": (["bd_ada", "bd_pure", "Kick 35 .22"], ["elec_hi_snare", "Clap 60 .7", "sn_zome"], ["Hat 60 .05", "drum_cymbal_closed"], ["Hat 60 .25"]),
}

STYLES = {
    "Electronic": {
        "house": Style((116, 128), "909", [FOUR], [BACKBEAT], HOUSE_HATS, "SawBass", "..x...x...x..xo.", "Stab Organ", "x..x..x..x..x...", "Bell Voice Square",
                       duck=.6, ticks="...x..x....x..x."),
        "deep": Style((112, 124), "909", [FOUR, "x...x...x..xx..."], [BACKBEAT], HOUSE_HATS, "FmBass", "x..x..o...x..o..", "EPiano Pad", "...x......x..x..", "Voice Bell",
                       duck=.55, swing=.25, ticks="x..x...x..x.x...", echo=.4),
        "trance": Style((128, 142), "909", [FOUR], ["................", BACKBEAT], HOUSE_HATS, "SawBass", "..xx..xx..xx..xx", "Supersaw", "up", "SawLead Supersaw",
                        duck=.75, echo=.4),
        "anthem": Style((122, 132), "909", [FOUR], [BACKBEAT], HOUSE_HATS, "Reese", "..x...x...x...x.", "Supersaw", "x..x..x...x.x...", "SawLead Square", duck=.8),
        "techno": Style((124, 146), "hard", [FOUR], ["................", "............x..."], ["..x...x...x...x.", "..x...x...x...x.", "xxx.xxx.xxx.xxx."], "AcidBass",
                        "x.xox.x.xoox.rx.", "Stab", "......x.........", "Bell Square", duck=.5, ticks="..x.....x..x...."),
        "acid": Style((120, 138), "hard", [FOUR], [BACKBEAT], HOUSE_HATS, "AcidBass", "xxoxx.xrxoxxo.xr", "Stab Pad", "long", "Square Bell", duck=.35),
        "jungle": Style((158, 176), "break", ["x.........x.....", "x.x.......x..x.."], ["....x..o.o..x..o", "....x..o.oo.x.oo"], ["x.x.x.x.x.x.x.x.", "xxxxxxxxxxxxxxxx"],
                        "Reese", "x.....x...x.....", "Pad Stab", "long", "Voice Bell", duck=.3, echo=.45),
        "electro": Style((104, 126), "808", ["x.....x...x.....", "x..x..x...x.x..."], [BACKBEAT], ["x.x.x.x.x.x.x.x.", "xxxxxxxxxxxxxxxx"], "FmBass", "x..xx.o.x..x.ro.", "Pluck", "both",
                         "Square Bell", ticks="..x..x....x..x.."),
        "breaks": Style((122, 138), "break", ["x.....x...x.....", "x..x......x..x.."], ["....x..o....x.o."], ["x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo"], "AcidBass",
                        "x..x..xo..x.x.r.", "Supersaw Stab", "x.....x.........", "Square Voice", duck=.3),
        "synthwave": Style((92, 118), "linn", [FOUR, "x.......x.x....."], [BACKBEAT], ["x.x.x.x.x.x.x.x."], "SawBass", "xxxxxxxxxxxxxxxx", "Pad Supersaw", "long", "SawLead Square", duck=.4),
        "garage": Style((126, 136), "909", ["x.........x.....", "x......x..x....."], [BACKBEAT], ["..x..xx...x..xx."], "SubBass", "x..x......x..r..", "Organ Stab", "...x..x....x..x.",
                        "Voice Bell", swing=.35, duck=.3),
    },
    "Hip-Hop": {
        "boombap": Style((80, 98), "dusty", ["x......x.xx.....", "x.x....x..x....."], [BACKBEAT], ["x.x.x.x.x.x.x.x."], "SubBass", "x......x..r.....", "EPiano Stab", "x.....x...x.....",
                         "Flute Bell", swing=.3, weather="Crackle"),
        "lofi": Style((66, 86), "dusty", ["x.......x.x....."], [BACKBEAT], ["x.x.x.x.x.x.x.x.", "x.xox.xox.xox.xo"], "SubBass", "x.....x...o.....", "EPiano", "x.......x..x....",
                      "Bell Flute", swing=.4, weather="Crackle", duck=.25),
        "trap": Style((64, 78), "808", ["x.....x...x.....", "x..x......x..x.."], [HALF_TIME], ["x.x.x.x.x.xrx.x.", "xxrxxxxrxrxxxxrr"], "SubBass", "x.....x...r.....", "Glass Bell", "x...x..x..x.....",
                      "Bell Pluck", echo=.35),
        "drill": Style((68, 74), "808", ["x..x......x....."], ["......x.......x.", "......x......x.x"], ["x..x..x.x..x..xr"], "SubBass", "x..r..x...o..x..", "Pad Pluck", "long", "Bell Flute"),
        "westcoast": Style((86, 100), "linn", ["x..x..x.x.......", "x..x...xx.x....."], [BACKBEAT], ["x.x.x.x.x.x.x.x."], "FmBass", "x..x..o.x..r.ox.", "Stab EPiano", "..x...x...x...x.",
                           "SawLead Square", swing=.2),
        "bounce": Style((72, 92), "808", ["x..x..x..x..x...", "x.x...xx..x....."], [BACKBEAT], ["x.xrx.x.x.xrx.x."], "SubBass", "x..x..x..r......", "Stab", "x..x..x.........", "Square Bell",
                        ticks="..x...xx..x...x."),
        "jazzy": Style((82, 96), "dusty", ["x..o...x..x....."], [BACKBEAT], ["x.xxx.x.x.xxx.x."], "FmBass", "x..x..r.o..x..r.", "EPiano Organ", "x..x......x.....", "Flute Voice", swing=.35,
                       weather="Crackle"),
        "grime": Style((66, 74), "hard", ["x.....x...x..x.."], [HALF_TIME], ["x..x..x...x..xx."], "Reese", "x.....x...r..o..", "Stab Pluck", "x..x..x...x..x..", "Square Flute"),
    },
    "Pop": {
        "synthpop": Style((96, 124), "linn", [FOUR, "x.......x.x....."], [BACKBEAT], ["x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo"], "FmBass", "x.xox.xox.xox.xo", "Pluck Pad", "up", "Voice Square Voice",
                          duck=.25, ticks="..............x."),
        "dancepop": Style((108, 128), "linn", [FOUR], [BACKBEAT], ["..x...x...x...x.", "x.x.x.x.x.x.x.x."], "SawBass", "x.x.x.x.x.x.x.x.", "Supersaw", "x..x..x.x..x..x.", "Voice Voice SawLead", duck=.5),
        "ballad": Style((62, 84), "linn", ["x.........x....."], [HALF_TIME, BACKBEAT], ["x...x...x...x...", "x.x.x.x.x.x.x.x."], "SubBass", "x.........x.....", "EPiano Glass", "x...x...x...x...",
                        "Voice Voice Bell", echo=.4),
        "tropical": Style((94, 112), "909", ["x...x...x...x...", "x..x..x.x..x..x."], ["...x..x....x..x."], ["..x...x...x...x."], "SubBass", "x..x..x.x..x..x.", "Pluck Bell", "x..x..x...x..x..",
                          "Flute Voice Bell", duck=.5, ticks="x..x..x...x.x..."),
        "disco": Style((108, 124), "909", [FOUR], [BACKBEAT], ["..x...x...x...x.", "x.xxx.xxx.xxx.xx"], "SawBass", "x.o.x.o.x.o.x.o.", "EPiano Stab", "..x...x...x...x.", "Voice Flute Voice", duck=.2),
        "teen": Style((88, 110), "break", ["x.......x.x.....", "x..x....x.x....."], [BACKBEAT], ["x.x.x.x.x.x.x.x."], "SawBass", "x.x.x.x.x.x.x.x.", "Pad Organ", "x...x...x...x...", "Voice Square Bell"),
        "arena": Style((84, 120), "break", ["x...x...x...x...", "x..xx...x..xx..."], [BACKBEAT], ["x.x.x.x.x.x.x.x."], "Reese", "x.x.x.x.x.x.x.x.", "Supersaw Pad", "long", "Voice SawLead"),
        "bedroom": Style((80, 104), "808", ["x......xx.......", "x..x....x......."], [BACKBEAT], ["x.x.x.x.x.x.x.x."], "FmBass", "x......xx..r....", "EPiano Pluck", "both", "Flute Voice Bell", swing=.2),
    },
    "Ambient": {
        "drift": Style((48, 72), "", [], [], [], "Pad", "x...............", "Pad", "long", "Glass Bell", weather="Wind", echo=.6, attack=2.),
        "glacier": Style((44, 66), "", [], [], [], "Glass", "x...............", "Glass", "long", "Glass Flute Bell", weather="Grains", echo=.6, attack=1.5),
        "clouds": Style((50, 78), "", [], [], [], "Pad", "x...............", "Glass Pad", "long", "Bell Glass", weather="Grains", echo=.7, attack=1.),
        "sea": Style((46, 70), "", [], [], [], "SubBass", "x...............", "Pad Organ", "long", "Flute Voice", weather="Wind", echo=.5, attack=2.5),
        "choir": Style((48, 70), "", [], [], [], "Pad", "x...............", "Voice", "long", "Voice Glass", weather="Wind", echo=.6, attack=1.),
        "pulse": Style((70, 96), "", [], [], [], "FmBass", "x.......x.......", "Pad", "both", "Bell Glass", weather="Grains", echo=.6, attack=.8),
        "night": Style((46, 64), "", [], [], [], "Reese", "x...............", "Glass Pad", "long", "Flute Bell", weather="Crackle", echo=.6, attack=2.),
        "chimes": Style((52, 80), "", [], [], [], "Pad", "x...............", "Bell Glass", "x.....x.....x...", "Bell Glass", weather="Wind", echo=.7, attack=.5),
    },
}
HELD_OUT_STYLES = {"Electronic": "synthwave garage", "Hip-Hop": "jazzy grime", "Pop": "arena bedroom", "Ambient": "night chimes"}
