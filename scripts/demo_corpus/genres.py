"""The twelve genres: MMA groove families, tempo range, instruments and playing manners. Tables only.

Lists of instruments run from dark to bright: the valence of a song picks the place, so it is heard in timbre too.
A family (one MMA library file) belongs to one side of the hold-out only; `held_out` names the families of the test side.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Genre:
    families: str                 # MMA library files of the training side
    held_out: str                 # MMA library files of the test side
    tempo: tuple                  # bpm at arousal -1 and +1
    leads: str                    # melody voices, dark to bright
    comps: str                    # voices of chords and arpeggios, dark to bright
    pads: str                     # sustained voices, dark to bright
    basses: str
    layers: str                   # parts that may join the groove, see parts.py
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
        families="stdlib/basicrock stdlib/60srock casio/rock1 casio/rock2 stdlib/rock-128 stdlib/folkrock casio/slowrock zoom/rock "
                 "pflib/rock1 zoom/beat8 casio/poprock1 stdlib/rockballad",
        held_out="casio/shufflerock kara/K50s_rock zoom/hrk", tempo=(78, 158),
        leads="Organ3 OverdriveGuitar DistortionGuitar CleanGuitar SteelGuitar",
        comps="OverdriveGuitar MutedGuitar CleanGuitar SteelGuitar Piano2", pads="Organ3 Organ2 Strings",
        basses="FingeredBass PickedBass", layers="power riff strum comp organ percussion", drive=0.5, bare=0.25, arousal_bias=0.15),
    "Metal": Genre(
        families="casio/heavymetal casio/digitalrock pflib/metal1 zoom/mtl zoom/punk zoom/rock", held_out="pflib/metal2 zoom/thr",
        tempo=(104, 190), leads="DistortionGuitar OverdriveGuitar GuitarHarmonics DistortionGuitar",
        comps="DistortionGuitar OverdriveGuitar", pads="ChoirAahs Strings BrassSection", basses="PickedBass SlapBass1",
        layers="power gallop tremolo power gallop", drive=1.0, bare=0.7, valence_bias=-0.35, arousal_bias=0.35, lead_chance=0.6,
        percussion="RideBell CrashCymbal2"),
    "Pop": Genre(
        families="casio/pop casio/8beatpop1 casio/dancepop1 casio/popballad casio/soulpop stdlib/popballad casio/worldpop zoom/pop "
                 "casio/8beatpop3 casio/dancepop2 casio/electricpop casio/16beat1",
        held_out="casio/80spop casio/8beatpop2 stdlib/bubblerock", tempo=(72, 134),
        leads="SoloVoice SynthVox Piano1 CleanGuitar PanFlute SynCalliope MusicBox",
        comps="RhodesPiano Piano1 NylonGuitar SteelGuitar Piano2 Marimba", pads="WarmPad SlowStrings Strings Polysynth",
        basses="FingeredBass SynthBass1 PickedBass", layers="comp arp pad strum percussion", bare=0.2, valence_bias=0.2),
    "Electronic": Genre(
        families="casio/techno casio/house casio/trance1 casio/rave casio/dance1 casio/dance2 zoom/techno zoom/house zoom/dance "
                 "zoom/dnb stdlib/trance",
        held_out="casio/trance2 alexis/teamtechno zoom/mide", tempo=(100, 160),
        leads="SquareWave Charang 5thSawWave SawWave Polysynth Crystal", comps="SynthBass2 SquareWave SawWave Polysynth Crystal",
        pads="SweepPad SpaceVoice Polysynth Fantasia", basses="SynthBass1 SynthBass2", layers="arp stab pad synthbass arp percussion",
        drive=0.35, bare=0.45, arousal_bias=0.25, lead_chance=0.55, percussion="HandClap OpenHiHat Cabasa"),
    "Hip-Hop": Genre(
        families="casio/hip-hop alexis/hiphop casio/triphop zoom/hiphop zoom/trip casio/16beat3", held_out="casio/modernrb zoom/rnb",
        tempo=(66, 112), leads="SynthBass1 MutedTrumpet RhodesPiano Vibraphone Flute Kalimba",
        comps="RhodesPiano EPiano Strings JazzGuitar Vibraphone", pads="SlowStrings WarmPad ChoirAahs",
        basses="SynthBass1 AcousticBass SynthBass2", layers="loop stab pad synthbass loop", sevenths=0.5, bare=0.5, valence_bias=-0.1,
        lead_chance=0.5, percussion="HandClap SideKick Cabasa"),
    "Soul-RnB": Genre(
        families="casio/60ssoul casio/r+b casio/mellowrb casio/soul casio/funk1 stdlib/rb stdlib/dsoul zoom/funk stdlib/rb-ballad",
        held_out="casio/funk2 casio/discosoul kara/8beatmotown", tempo=(64, 122), leads="TenorSax AltoSax Organ1 Trumpet SopranoSax",
        comps="RhodesPiano EPiano CleanGuitar MutedGuitar Organ1", pads="Organ1 Strings BrassSection", basses="FingeredBass SlapBass1",
        layers="brass comp organ wah percussion", sevenths=0.7, bare=0.15),
    "Jazz": Genre(
        families="stdlib/swing stdlib/jazzguitar stdlib/mellowjazz stdlib/nitejazz stdlib/slowjazz casio/jazzcombo stdlib/jazzwaltz "
                 "stdlib/evansish yamaha/jazztrio yamaha/jazzbasie stdlib/bigband yamaha/jazzbouncy",
        held_out="casio/modernjazz stdlib/gypsyjazz yamaha/jazzGrtrio", tempo=(76, 206),
        leads="TenorSax MutedTrumpet JazzGuitar AltoSax Clarinet Trumpet Vibraphone", comps="JazzGuitar Piano1 RhodesPiano Vibraphone",
        pads="Strings BrassSection", basses="AcousticBass FretlessBass", layers="brass comp", sevenths=0.95, swing=0.6, lead_chance=0.9),
    "Blues": Genre(
        families="stdlib/blues stdlib/slowblues stdlib/blues128 casio/blues zoom/blues zoom/shuffle casio/shuffleboogie",
        held_out="stdlib/fastblues stdlib/countryblues stdlib/boggiewoggie", tempo=(56, 140),
        leads="TenorSax OverdriveGuitar CleanGuitar Harmonica Piano3", comps="Organ2 CleanGuitar Piano1 Piano3", pads="Organ2 Organ3",
        basses="AcousticBass FingeredBass", layers="organ riff comp", sevenths=0.6, drive=0.35, swing=0.8, valence_bias=-0.15,
        blues=0.85, lead_chance=0.95),
    "Country": Genre(
        families="stdlib/slowcountry stdlib/countryswing stdlib/westernswing yamaha/western stdlib/bluegrass stdlib/countrywaltz "
                 "zoom/country",
        held_out="stdlib/hillcountry kara/kwestballad", tempo=(76, 168), leads="Violin Harmonica SteelGuitar Fiddle Banjo",
        comps="NylonGuitar SteelGuitar Banjo Piano3", pads="Accordion Strings", basses="AcousticBass FingeredBass",
        layers="strum banjo comp percussion", valence_bias=0.25, lead_chance=0.9, percussion="Tambourine HandClap SideKick"),
    "Classical": Genre(
        families="stdlib/arpeggio44 stdlib/arpeggiowaltz stdlib/pianoballad stdlib/stringballad stdlib/vienesewaltz stdlib/hymn "
                 "stdlib/waltz stdlib/none casio/serenade",
        held_out="stdlib/arpeggio68 stdlib/lullaby stdlib/slowspiritual", tempo=(50, 150),
        leads="Cello Viola Clarinet Oboe Violin Flute Piano1 Piccolo",
        comps="Cello Strings Harpsichord Piano1 PizzicatoString OrchestralHarp Celesta",
        pads="ChoirAahs SlowStrings Strings TremoloStrings", basses="Contrabass Cello Bassoon",
        layers="strings pizzicato alberti pad lowstrings", drums=0.0, arousal_bias=-0.2, lead_chance=0.85, percussion="Timpani"),
    "Latin": Genre(
        families="stdlib/bossanova stdlib/samba stdlib/tango stdlib/cubanguitar stdlib/rhumba stdlib/mambo stdlib/merengue "
                 "yamaha/salsa1 stdlib/beguine zoom/latin stdlib/chacha stdlib/son",
        held_out="stdlib/salsa kara/kbossa stdlib/bolero", tempo=(78, 170),
        leads="Accordion NylonGuitar Trumpet Flute Marimba SteelDrums", comps="NylonGuitar Piano1 Accordion Marimba",
        pads="Accordion Strings BrassSection", basses="AcousticBass FingeredBass", layers="montuno strum brass percussion",
        sevenths=0.35, valence_bias=0.1, percussion="Cabasa Maracas Claves LowBongo HighBongo LowAgogo"),
    "Ambient": Genre(
        families="casio/ambient1 casio/ambient2 zoom/ambient stdlib/none stdlib/desert", held_out="casio/ambient3 stdlib/arpeggio68",
        tempo=(44, 96), leads="BowedGlass SpaceVoice HaloPad Ocarina PanFlute Crystal",
        comps="SpaceVoice Fantasia Kalimba RhodesPiano OrchestralHarp Crystal",
        pads="SweepPad WarmPad BowedGlass SlowStrings HaloPad Fantasia", basses="SynthBass1 Contrabass", layers="pad drone slowarp pad",
        drums=0.15, bare=0.6, arousal_bias=-0.45, lead_chance=0.45, percussion="OpenTriangle Shaker"),
}
