"""The twelve genres: MMA groove families, tempo range, instruments, playing manners and tone. Tables only.

Lists of instruments run from dark to bright: the valence of a song picks the place, so it is heard in timbre too.
A family (one MMA library file) belongs to one side of the hold-out only; `held_out` names the families of the test side.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Genre:
    tone: tuple                   # how its records are mixed: dB in bass, middle and air
    families: str = ""            # MMA library files of the training side; none where the studio makes the songs (see styles.py)
    held_out: str = ""            # MMA library files of the test side
    tempo: tuple = ()             # bpm at arousal -1 and +1
    leads: str = ""               # melody voices, dark to bright
    comps: str = ""               # voices of chords and arpeggios, dark to bright
    pads: str = ""                # sustained voices, dark to bright
    basses: str = ""
    signature: str = ""           # parts of which one always plays: what gives the genre away (see parts.py)
    layers: str = ""              # parts that may join in
    sevenths: float = 0.1         # share of chords played with their seventh
    drums: float = 1.0            # chance that drums play at middle arousal
    swing: float = 0.0            # chance of swung eighths
    bare: float = 0.0             # chance that only drums and bass of the groove stay under the added parts
    valence_bias: float = 0.0     # the genre's own leaning, added to a spread that covers the whole plane
    arousal_bias: float = 0.0
    blues: float = 0.0            # chance of a twelve-bar form
    lead_chance: float = 0.75
    percussion: str = "Tambourine Maracas HandClap"


GENRES = {
    "Rock": Genre(
        families="stdlib/basicrock stdlib/60srock casio/rock1 casio/rock2 stdlib/rock-128 stdlib/folkrock casio/slowrock zoom/rock pflib/rock1 "
                 "zoom/beat8 casio/poprock1 stdlib/rockballad",
        held_out="casio/shufflerock kara/K50s_rock zoom/hrk",
        tempo=(78, 158), tone=(1, 2, 1),
        leads="OverdriveGuitar DistortionGuitar CleanGuitar SteelGuitar", comps="CleanGuitar MutedGuitar CleanGuitar",
        pads="Organ3 Organ2", basses="FingeredBass PickedBass", signature="power riff", layers="strum comp organ percussion",
        bare=0.25, arousal_bias=0.15),
    "Metal": Genre(
        families="casio/heavymetal casio/digitalrock pflib/metal1 zoom/mtl zoom/punk zoom/rock",
        held_out="pflib/metal2 zoom/thr",
        tempo=(104, 190), tone=(-1, 0, 6),
        leads="DistortionGuitar OverdriveGuitar GuitarHarmonics DistortionGuitar", comps="CleanGuitar MutedGuitar",
        pads="ChoirAahs Strings", basses="PickedBass SlapBass1", signature="gallop power", layers="doublekick tremolo doublekick",
        bare=0.7, valence_bias=-0.35, arousal_bias=0.35, lead_chance=0.6),
    "Pop": Genre(tone=(0, 1, 4), valence_bias=0.2),
    "Electronic": Genre(tone=(1, 0, 4), arousal_bias=0.25, lead_chance=0.55),
    "Hip-Hop": Genre(tone=(3, 1, -1), sevenths=0.5, valence_bias=-0.1, lead_chance=0.5),
    "Soul-RnB": Genre(
        families="casio/60ssoul casio/r+b casio/mellowrb casio/soul casio/funk1 stdlib/rb stdlib/dsoul zoom/funk stdlib/rb-ballad",
        held_out="casio/funk2 casio/discosoul kara/8beatmotown",
        tempo=(64, 122), tone=(1, 2, 1),
        leads="Trombone VoiceOohs Organ1 AltoSax Trumpet", comps="RhodesPiano Clavinet MutedGuitar", pads="Organ1 VoiceOohs BrassSection",
        basses="FingeredBass SlapBass1", signature="wah brass", layers="comp organ brass percussion", sevenths=0.7, bare=0.15),
    "Jazz": Genre(
        families="stdlib/swing stdlib/jazzguitar stdlib/mellowjazz stdlib/nitejazz stdlib/slowjazz casio/jazzcombo stdlib/jazzwaltz stdlib/evansish "
                 "yamaha/jazztrio yamaha/jazzbasie stdlib/bigband yamaha/jazzbouncy",
        held_out="casio/modernjazz stdlib/gypsyjazz yamaha/jazzGrtrio",
        tempo=(76, 206), tone=(0, 1, -2),
        leads="TenorSax MutedTrumpet JazzGuitar Clarinet Vibraphone", comps="JazzGuitar Piano1 Vibraphone", pads="Strings BrassSection",
        basses="AcousticBass FretlessBass", signature="walk", layers="ride comp brass", sevenths=0.95, swing=0.6, lead_chance=0.9),
    "Blues": Genre(
        families="stdlib/blues stdlib/slowblues stdlib/blues128 casio/blues zoom/blues zoom/shuffle casio/shuffleboogie",
        held_out="stdlib/fastblues stdlib/countryblues stdlib/boggiewoggie",
        tempo=(56, 140), tone=(-1, 4, -2),
        leads="OverdriveGuitar Harmonica CleanGuitar Harmonica", comps="Organ2 CleanGuitar Piano3", pads="Organ2 Organ3",
        basses="AcousticBass FingeredBass", signature="boogie", layers="organ comp",
        sevenths=0.6, swing=0.8, blues=0.85, valence_bias=-0.15, lead_chance=0.95),
    "Country": Genre(
        families="stdlib/slowcountry stdlib/countryswing stdlib/westernswing yamaha/western stdlib/bluegrass stdlib/countrywaltz zoom/country",
        held_out="stdlib/hillcountry kara/kwestballad",
        tempo=(76, 168), tone=(-3, 2, 3),
        leads="Fiddle Harmonica SteelGuitar Banjo", comps="NylonGuitar SteelGuitar Banjo", pads="Accordion Strings",
        basses="AcousticBass FingeredBass", signature="banjo twobeat", layers="strum banjo comp percussion",
        valence_bias=0.25, lead_chance=0.9, percussion="Tambourine HandClap SideKick"),
    "Classical": Genre(
        families="stdlib/arpeggio44 stdlib/arpeggiowaltz stdlib/pianoballad stdlib/stringballad stdlib/vienesewaltz stdlib/hymn stdlib/waltz "
                 "stdlib/none casio/serenade",
        held_out="stdlib/arpeggio68 stdlib/lullaby stdlib/slowspiritual",
        tempo=(50, 150), tone=(-1, -1, 0),
        leads="Cello Viola Oboe Violin Flute Piccolo", comps="Cello Strings HarpsiChord PizzicatoString OrchestralHarp Celesta",
        pads="SlowStrings Strings TremoloStrings", basses="ContraBass Cello Bassoon", signature="strings pizzicato alberti",
        layers="pad lowstrings pizzicato", drums=0.0, arousal_bias=-0.2, lead_chance=0.85),
    "Latin": Genre(
        families="stdlib/bossanova stdlib/samba stdlib/tango stdlib/cubanguitar stdlib/rhumba stdlib/mambo stdlib/merengue yamaha/salsa1 stdlib/beguine "
                 "zoom/latin stdlib/chacha stdlib/son",
        held_out="stdlib/salsa kara/kbossa stdlib/bolero",
        tempo=(78, 170), tone=(-1, 1, 3),
        leads="Accordion NylonGuitar Trumpet Flute Marimba SteelDrums", comps="NylonGuitar Piano1 Accordion Marimba", pads="Accordion BrassSection",
        basses="AcousticBass FingeredBass", signature="congas", layers="montuno montuno strum brass", sevenths=0.35, valence_bias=0.1),
    "Ambient": Genre(tone=(0, -2, -1), arousal_bias=-0.45, lead_chance=0.45),
}
