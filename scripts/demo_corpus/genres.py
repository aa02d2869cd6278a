"""The twelve genres: MMA groove families, tempo range, instruments and playing manners. Tables only.

Lists of instruments run from dark to bright: the valence of a song picks the place, so it is heard in timbre too.
A family (one MMA library file) belongs to one side of the hold-out only; `held_out` names the families of the test side.
"""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Genre:
    families: str                 # MMA library files of the training side
    held_out: str                 # MMA library files of the test side
    tempo: tuple                  # bpm at arousal -1 and +1
    leads: str                    # melody voices, dark to bright
    comps: str                    # voices of chords and arpeggios, dark to bright
    pads: str                     # sustained voices, dark to bright
    basses: str
    layers: str                   # parts that may join the groove, see arrange.LAYERS
    sevenths: float = 0.1         # share of chords played with their seventh
    drive: float = 0.0            # most overdrive, reached at full arousal
    drums: float = 1.0            # chance that drums play at middle arousal
    swing: float = 0.0            # chance of swung eighths
    bare: float = 0.0             # chance that only drums and bass of the groove stay under the added layers
    valence_bias: float = 0.0     # the genre's own leaning, added to a spread that covers the whole plane
    arousal_bias: float = 0.0
    blues: float = 0.0            # chance of a twelve-bar form
    lead_chance: float = 0.75
    percussion: str = "Tambourine ShortHiWhistle Maracas HandClap"


GENRES = {
    "Rock": Genre(
        "stdlib/basicrock stdlib/60srock casio/rock1 casio/rock2 stdlib/rock-128 stdlib/folkrock casio/slowrock zoom/rock pflib/rock1 "
        "zoom/beat8 casio/poprock1 stdlib/rockballad",
        "casio/shufflerock kara/K50s_rock zoom/hrk",
        (78, 158), "Organ3 OverdriveGuitar DistortionGuitar CleanGuitar SteelGuitar", "OverdriveGuitar MutedGuitar CleanGuitar SteelGuitar Piano2",
        "Organ3 Organ2 Strings", "FingeredBass PickedBass", "power riff strum comp organ percussion", drive=0.5, bare=0.25, arousal_bias=0.15),
    "Metal": Genre(
        "casio/heavymetal casio/digitalrock pflib/metal1 zoom/mtl zoom/punk zoom/rock",
        "pflib/metal2 zoom/thr",
        (104, 190), "DistortionGuitar OverdriveGuitar GuitarHarmonics DistortionGuitar", "DistortionGuitar OverdriveGuitar",
        "ChoirAahs Strings BrassSection", "PickedBass SlapBass1", "power gallop tremolo power gallop", drive=1.0, bare=0.7, valence_bias=-0.35,
        arousal_bias=0.35, lead_chance=0.6, percussion="RideBell CrashCymbal2"),
    "Pop": Genre(
        "casio/pop casio/8beatpop1 casio/dancepop1 casio/popballad casio/soulpop stdlib/popballad casio/worldpop zoom/pop casio/8beatpop3 "
        "casio/dancepop2 casio/electricpop casio/16beat1",
        "casio/80spop casio/8beatpop2 stdlib/bubblerock",
        (72, 134), "SoloVoice SynthVox Piano1 CleanGuitar PanFlute SynCalliope MusicBox", "RhodesPiano Piano1 NylonGuitar SteelGuitar Piano2 Marimba",
        "WarmPad SlowStrings Strings Polysynth", "FingeredBass SynthBass1 PickedBass", "comp arp pad strum percussion", valence_bias=0.2, bare=0.2),
    "Electronic": Genre(
        "casio/techno casio/house casio/trance1 casio/rave casio/dance1 casio/dance2 zoom/techno zoom/house zoom/dance zoom/dnb stdlib/trance",
        "casio/trance2 alexis/teamtechno zoom/mide",
        (100, 160), "SquareWave Charang 5thSawWave SawWave Polysynth Crystal", "SynthBass2 SquareWave SawWave Polysynth Crystal",
        "SweepPad SpaceVoice Polysynth Fantasia", "SynthBass1 SynthBass2", "arp stab pad synthbass arp percussion", drive=0.35, bare=0.45,
        arousal_bias=0.25, lead_chance=0.55, percussion="HandClap OpenHiHat Cabasa"),
    "Hip-Hop": Genre(
        "casio/hip-hop alexis/hiphop casio/triphop zoom/hiphop zoom/trip casio/16beat3",
        "casio/modernrb zoom/rnb",
        (66, 112), "SynthBass1 MutedTrumpet RhodesPiano Vibraphone Flute Kalimba", "RhodesPiano EPiano Strings JazzGuitar Vibraphone",
        "SlowStrings WarmPad ChoirAahs", "SynthBass1 AcousticBass SynthBass2", "loop stab pad synthbass loop", sevenths=0.5, bare=0.5,
        valence_bias=-0.1, lead_chance=0.5, percussion="HandClap SideKick Cabasa"),
    "Soul-RnB": Genre(
        "casio/60ssoul casio/r+b casio/mellowrb casio/soul casio/funk1 stdlib/rb stdlib/dsoul zoom/funk stdlib/rb-ballad",
        "casio/funk2 casio/discosoul kara/8beatmotown",
        (64, 122), "TenorSax AltoSax Organ1 Trumpet SopranoSax", "RhodesPiano EPiano CleanGuitar MutedGuitar Organ1",
        "Organ1 Strings BrassSection", "FingeredBass SlapBass1", "brass comp organ wah percussion", sevenths=0.7, bare=0.15),
    "Jazz": Genre(
        "stdlib/swing stdlib/jazzguitar stdlib/mellowjazz stdlib/nitejazz stdlib/slowjazz casio/jazzcombo stdlib/jazzwaltz stdlib/evansish "
        "yamaha/jazztrio yamaha/jazzbasie stdlib/bigband yamaha/jazzbouncy",
        "casio/modernjazz stdlib/gypsyjazz yamaha/jazzGrtrio",
        (76, 206), "TenorSax MutedTrumpet JazzGuitar AltoSax Clarinet Trumpet Vibraphone", "JazzGuitar Piano1 RhodesPiano Vibraphone",
        "Strings BrassSection", "AcousticBass FretlessBass", "brass comp", sevenths=0.95, swing=0.6, lead_chance=0.9),
    "Blues": Genre(
        "stdlib/blues stdlib/slowblues stdlib/blues128 casio/blues zoom/blues zoom/shuffle casio/shuffleboogie",
        "stdlib/fastblues stdlib/countryblues stdlib/boggiewoggie",
        (56, 140), "TenorSax OverdriveGuitar CleanGuitar Harmonica Piano3", "Organ2 CleanGuitar Piano1 Piano3", "Organ2 Organ3",
        "AcousticBass FingeredBass", "organ riff comp", sevenths=0.6, drive=0.35, swing=0.8, blues=0.85, valence_bias=-0.15, lead_chance=0.95),
    "Country": Genre(
        "stdlib/slowcountry stdlib/countryswing stdlib/westernswing yamaha/western stdlib/bluegrass stdlib/countrywaltz zoom/country",
        "stdlib/hillcountry kara/kwestballad",
        (76, 168), "Violin Harmonica SteelGuitar Fiddle Banjo", "NylonGuitar SteelGuitar Banjo Piano3", "Accordion Strings",
        "AcousticBass FingeredBass", "strum banjo comp percussion", valence_bias=0.25, lead_chance=0.9, percussion="Tambourine HandClap SideKick"),
    "Classical": Genre(
        "stdlib/arpeggio44 stdlib/arpeggiowaltz stdlib/pianoballad stdlib/stringballad stdlib/vienesewaltz stdlib/hymn stdlib/waltz "
        "stdlib/none casio/serenade",
        "stdlib/arpeggio68 stdlib/lullaby stdlib/slowspiritual",
        (50, 150), "Cello Viola Clarinet Oboe Violin Flute Piano1 Piccolo", "Cello Strings Harpsichord Piano1 PizzicatoString OrchestralHarp Celesta",
        "ChoirAahs SlowStrings Strings TremoloStrings", "Contrabass Cello Bassoon", "strings pizzicato alberti pad lowstrings", drums=0.0,
        bare=0.0, arousal_bias=-0.2, lead_chance=0.85, percussion="Timpani"),
    "Latin": Genre(
        "stdlib/bossanova stdlib/samba stdlib/tango stdlib/cubanguitar stdlib/rhumba stdlib/mambo stdlib/merengue yamaha/salsa1 stdlib/beguine "
        "zoom/latin stdlib/chacha stdlib/son",
        "stdlib/salsa kara/kbossa stdlib/bolero",
        (78, 170), "Accordion NylonGuitar Trumpet Flute Marimba SteelDrums", "NylonGuitar Piano1 Accordion Marimba", "Accordion Strings BrassSection",
        "AcousticBass FingeredBass", "montuno strum brass percussion", sevenths=0.35, valence_bias=0.1,
        percussion="Cabasa Maracas Claves LowBongo HighBongo LowAgogo"),
    "Ambient": Genre(
        "casio/ambient1 casio/ambient2 zoom/ambient stdlib/none stdlib/desert",
        "casio/ambient3 stdlib/arpeggio68",
        (44, 96), "BowedGlass SpaceVoice HaloPad Ocarina PanFlute Crystal", "SpaceVoice Fantasia Kalimba RhodesPiano OrchestralHarp Crystal",
        "SweepPad WarmPad BowedGlass SlowStrings HaloPad Fantasia", "SynthBass1 Contrabass", "pad drone slowarp pad", drums=0.15, bare=0.6,
        arousal_bias=-0.45, lead_chance=0.45, percussion="OpenTriangle Shaker"),
}
