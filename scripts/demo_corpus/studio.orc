; The studio's instruments: drum machines, basses, chords, leads and weather. Every note says its own level, pitch, colour and place.
;
; p4 level 0..1   p5 MIDI pitch   p6 colour 0 (dark) .. 1 (bright)   p7 place 0 (left) .. 1 (right)   p8 first channel of its bus   p9.. its own
sr = 44100
ksmps = 64
nchnls = 8
0dbfs = 1

gisine ftgen 0, 0, 8192, 10, 1
gidrawbars ftgen 0, 0, 8192, 10, 1, .9, .7, .5, 0, .3, 0, .35
gibell ftgen 0, 0, 8192, 10, 1, 0, 0, .4, 0, 0, .2, 0, 0, 0, .1
giwindow ftgen 0, 0, 4096, 20, 2

opcode place, 0, aiii
  asig, ilevel, iplace, ibus xin
  outch ibus, asig * ilevel * cos(iplace * 1.5708), ibus + 1, asig * ilevel * sin(iplace * 1.5708)
endop

; ---- drum machines ----
instr Kick     ; p9 how long it rings, p10 how hard it clicks
  apitch expseg cpsmidinn(p5) * (3 + 5 * p6), .012 + .02 * p6, cpsmidinn(p5) * 1.4, .07, cpsmidinn(p5), 2, cpsmidinn(p5) * .8
  aenv expseg 1, p9, .001, 1, .001
  abody oscil aenv, apitch, gisine
  anoise noise 1, 0
  aclick butterbp anoise, 3500, 3000
  aclick *= expseg:a(1, .006, .001, 1, .001) * p10
  acut linseg 1, p3 - .01, 1, .01, 0
  place tanh((abody + aclick) * (1.2 + 2 * p10)) * acut, p4, .5, p8
endin

instr Snare    ; p9 how long it rings
  apitch expseg cpsmidinn(p5) * 1.6, .03, cpsmidinn(p5), 1, cpsmidinn(p5)
  abody oscil expseg:a(.8, .11, .001, 1, .001), apitch, gisine
  anoise noise 1, 0
  asnap butterhp anoise, 1200 + 1500 * p6
  asnap *= expseg:a(.8, p9, .001, 1, .001)
  place tanh((abody + asnap) * 1.5) * linseg:a(1, p3 - .01, 1, .01, 0), p4, p7, p8
endin

instr Hat      ; six squares through a high pass, as in the machines of 1980; p9 how long it rings
  afirst vco2 .3, 263, 10
  asecond vco2 .3, 400, 10
  athird vco2 .3, 421, 10
  afourth vco2 .3, 474, 10
  afifth vco2 .3, 587, 10
  asixth vco2 .3, 845, 10
  anoise noise .5, 0
  asig butterhp (afirst + asecond + athird + afourth + afifth + asixth) * p6 + anoise, 6500 + 2000 * p6
  place asig * expseg:a(1, p9, .001, 1, .001) * linseg:a(1, p3 - .005, 1, .005, 0), p4, p7, p8
endin

instr Clap
  anoise noise 1, 0
  aband butterbp anoise, 1100 + 900 * p6, 1400
  aenv expseg 1, .009, .2, .001, 1, .009, .2, .001, 1, .009, .2, .001, 1, .12 + .1 * p9, .001, 1, .001
  place aband * aenv * 2 * linseg:a(1, p3 - .005, 1, .005, 0), p4, p7, p8
endin

instr Tick     ; woodblocks, clave, bongo and blips: two operators
  icps = cpsmidinn(p5)
  amod oscil icps * 2 * p6, icps * 1.47, gisine
  asig oscil 1, icps + amod * expseg:a(1, .03, .001, 1, .001), gisine
  place asig * expseg:a(1, p9, .001, 1, .001) * linseg:a(1, p3 - .005, 1, .005, 0), p4, p7, p8
endin

instr Sample   ; p9 the table of one recorded hit, p5 60 = as recorded
  asig loscil3 1, cpsmidinn(p5), p9, cpsmidinn(60)
  place asig * linseg:a(1, p3 - .03, 1, .03, 0), p4, p7, p8
endin

; ---- basses ----
instr SawBass
  icps = cpsmidinn(p5)
  asig = vco2(.5, icps) + vco2(.4, icps * 1.004) + vco2(.4, icps * .5, 10)
  kcut expseg 200 + 6000 * p6, .09 + .2 * p6, 150 + 900 * p6, 4, 120 + 500 * p6
  asig moogladder2 asig, kcut + icps, .25
  place tanh(asig * 1.4) * madsr:a(.004, .1, .75, .03), p4, .5, p8
endin

instr SubBass  ; the long kick drum played as a bass; p9 pitch it glides from
  kcps expseg cpsmidinn(p9), .05, cpsmidinn(p5), p3, cpsmidinn(p5) * .985
  asig oscil 1, kcps, gisine
  asig = tanh(asig * (1.1 + 4 * p6)) * expseg:a(1, max(p3, .2), .12 - .08 * p6)
  place asig * linseg:a(0, .003, 1, max(p3 - .03, .01), 1, .027, 0), p4, .5, p8
endin

instr AcidBass ; p9 accent
  icps = cpsmidinn(p5)
  asig vco2 .7, portk(k(icps), .01, icps), 0
  kcut expseg 300 + 5200 * p6 * (.5 + p9), .06 + .16 * (1 - p9), 180 + 500 * p6, 2, 150
  asig moogladder2 asig, kcut, .72 + .13 * p9
  place tanh(asig * (2 + 3 * p9)) * madsr:a(.003, .15, .5, .02), p4, .5, p8
endin

instr Reese    ; detuned saws that beat against each other
  icps = cpsmidinn(p5)
  asig = vco2(.5, icps * 1.012) + vco2(.5, icps * .989) + vco2(.5, icps * .5)
  kcut = 250 + 1800 * p6 + 300 * oscil(1, 1.7, gisine)
  asig butterlp asig, kcut
  asub oscil .7, icps * .5, gisine
  place tanh(asig * 1.5 + asub) * madsr:a(.01, .1, .9, .05), p4, .5, p8
endin

instr FmBass
  icps = cpsmidinn(p5)
  kindex expseg 1 + 5 * p6, .12, .6, 4, .3
  asig foscil .9, icps, 1, 1 + int(p6 * 2.9), kindex, gisine
  place asig * madsr:a(.003, .2, .6, .03), p4, .5, p8
endin

; ---- chords ----
instr Supersaw ; p9 attack
  icps = cpsmidinn(p5)
  aleft = vco2(.25, icps * 1.0031) + vco2(.25, icps * .9929) + vco2(.25, icps * 1.0113)
  aright = vco2(.25, icps * .9967) + vco2(.25, icps * 1.0073) + vco2(.25, icps * .9883)
  kcut = 500 + 9500 * p6 * p6
  aleft butterlp aleft, kcut
  aright butterlp aright, kcut
  aenv madsr p9, .2, .8, .06
  outch p8, aleft * aenv * p4, p8 + 1, aright * aenv * p4
endin

instr Pad      ; p9 attack
  icps = cpsmidinn(p5)
  kdrift = .004 * oscil(1, .13 + .2 * p7, gisine)
  aleft = vco2(.3, icps * (1 + kdrift)) + vco2(.2, icps * .998, 2, .3)
  aright = vco2(.3, icps * (1 - kdrift)) + vco2(.2, icps * 1.003, 2, .7)
  kcut = (300 + 3200 * p6) * (1 + .35 * oscil(1, .21, gisine, p7))
  aleft moogladder2 aleft, kcut, .2
  aright moogladder2 aright, kcut, .2
  aenv linsegr 0, p9, 1, 1, 1, .5, 0
  outch p8, aleft * aenv * p4, p8 + 1, aright * aenv * p4
endin

instr Pluck
  icps = cpsmidinn(p5)
  asig = vco2(.5, icps) + vco2(.4, icps * 1.006, 2, .4)
  kcut expseg 400 + 9000 * p6, .05 + .14 * p6, 300 + 400 * p6, 3, 200
  asig moogladder2 asig, kcut + icps, .15
  place asig * expsegr:a(1, .5, .08, 2, .001, .05, .001), p4, p7, p8
endin

instr EPiano   ; tine and body, the trembling left and right
  icps = cpsmidinn(p5)
  abody foscil .7, icps, 1, 1, expseg:k(.4 + 1.4 * p6, .8, .2, 4, .1), gisine
  atine foscil .25 * p6 + .05, icps, 1, 14, expseg:k(1.2, .12, .05, 2, .01), gisine
  asig = (abody + atine) * expsegr:a(1, 1.2, .35, 4, .05, .12, .001)
  ktrem = .5 + .3 * oscil(1, 4.6, gisine)
  outch p8, asig * sqrt(ktrem) * p4, p8 + 1, asig * sqrt(1 - ktrem) * p4
endin

instr Organ    ; drawbars through a turning horn: Doppler and loudness, left and right in turn
  icps = cpsmidinn(p5)
  kturn oscil 1, .8 + 6 * p6, gisine
  asig = oscil(.4, icps * .5 * (1 + .002 * kturn), gidrawbars) + oscil(.25, icps * 1.5 * (1 + .002 * kturn), gisine)
  asig = tanh(asig * (1 + 2 * p6)) * madsr:a(.008, .05, .9, .04)
  outch p8, asig * (.7 + .25 * kturn) * p4, p8 + 1, asig * (.7 - .25 * kturn) * p4
endin

instr Stab     ; a sampled chord of old dance records: hollow and short
  icps = cpsmidinn(p5)
  asig = vco2(.4, icps, 2, .5) + vco2(.3, icps * 2.003) + vco2(.2, icps * 1.498)
  asig moogladder2 asig, expseg:k(600 + 6000 * p6, .18, 300, 2, 200), .35
  place asig * madsr:a(.003, .16, .25, .05), p4, p7, p8
endin

instr Glass    ; partials of a bowed glass, each swelling for itself; p9 attack
  icps = cpsmidinn(p5)
  afirst oscil .5, icps, gisine
  asecond oscil .22 * p6, icps * 2.76, gisine
  athird oscil .12 * p6, icps * 5.4, gisine
  aenv linsegr 0, p9, 1, 2, .7, .8, 0
  aleft = (afirst + asecond * (.6 + .4 * oscil:a(1, .7, gisine)) + athird) * aenv
  aright = (afirst + asecond * (.6 - .4 * oscil:a(1, .7, gisine)) + athird * .6) * aenv
  outch p8, aleft * p4 * (1.2 - p7), p8 + 1, aright * p4 * (.2 + p7)
endin

; ---- leads ----
instr Square   ; p9 pitch it slides from
  kvib = 1 + .006 * oscil(1, 5.3, gisine) * linseg:k(0, .25, 0, .2, 1)
  kcps = expseg:k(cpsmidinn(p9), .045, cpsmidinn(p5), 10, cpsmidinn(p5)) * kvib
  asig vco2 .6, kcps, 2, .5 - .3 * p6 + .1 * oscil:k(1, .9, gisine)
  asig moogladder2 asig, 900 + 6500 * p6, .1
  place asig * madsr:a(.008, .1, .75, .06), p4, p7, p8
endin

instr SawLead  ; p9 pitch it slides from
  kvib = 1 + .007 * oscil(1, 5.6, gisine) * linseg:k(0, .2, 0, .2, 1)
  kcps = expseg:k(cpsmidinn(p9), .06, cpsmidinn(p5), 10, cpsmidinn(p5)) * kvib
  asig = vco2(.4, kcps) + vco2(.3, kcps * 1.006) + vco2(.3, kcps * .5)
  asig moogladder2 asig, 1200 + 7500 * p6, .2
  place tanh(asig * 1.3) * madsr:a(.006, .1, .8, .07), p4, p7, p8
endin

instr Voice    ; a throat: pulses through three formants, from "oo" (dark) to "ah" (bright); p9 pitch it slides from
  kvib = 1 + .009 * oscil(1, 5.1, gisine) * linseg:k(0, .18, 0, .25, 1)
  kcps = expseg:k(cpsmidinn(p9), .07, cpsmidinn(p5), 10, cpsmidinn(p5)) * kvib
  asrc = vco2(.7, kcps) + noise(.03, 0)
  asrc butterlp asrc, 4500
  afirst reson asrc, 320 + 450 * p6, 90, 1
  asecond reson asrc, 800 + 500 * p6, 110, 1
  athird reson asrc, 2500 + 300 * p6, 160, 1
  asig = afirst + asecond * .6 + athird * .3
  place asig * 1.2 * madsr:a(.04, .1, .85, .09), p4, p7, p8
endin

instr Bell
  icps = cpsmidinn(p5)
  asig foscil .6, icps, 1, 3.51, expseg:k(.5 + 3 * p6, .3, .3, 4, .05), gisine
  place asig * expsegr:a(1, 1.1, .1, 4, .001, .25, .001), p4, p7, p8
endin

instr Flute
  icps = cpsmidinn(p5)
  kvib = 1 + .006 * oscil(1, 4.8, gisine) * linseg:k(0, .3, 0, .3, 1)
  asig = oscil(.5, icps * kvib, gisine) + oscil(.12 + .15 * p6, icps * 2 * kvib, gisine) + oscil(.07 * p6, icps * 3 * kvib, gisine)
  abreath noise .12, 0
  abreath butterbp abreath, icps * 2, icps
  place (asig + abreath) * madsr:a(.06, .1, .85, .1), p4, p7, p8
endin

; ---- weather ----
instr Grains   ; a cloud of a bell's grains round a pitch; p9 grains a second
  icps = cpsmidinn(p5)
  aleft grain .35, icps, p9, .2, icps * .012, .09 + .2 * (1 - p6), gibell, giwindow, 1
  aright grain .35, icps * 1.001, p9 * .93, .2, icps * .012, .09 + .2 * (1 - p6), gibell, giwindow, 1
  aenv linsegr 0, 1.5, 1, 1, 1, .8, 0
  outch p8, aleft * aenv * p4, p8 + 1, aright * aenv * p4
endin

instr Wind
  aleft noise .6, 0
  aright noise .6, 0
  kcut = 250 + 1800 * p6 * (.6 + .4 * jspline:k(1, .1, .4))
  aleft butterbp aleft, kcut, kcut * .5
  aright butterbp aright, kcut * 1.1, kcut * .5
  aenv linsegr 0, 2, 1, 1, 1, .8, 0
  outch p8, aleft * aenv * p4, p8 + 1, aright * aenv * p4
endin

instr Crackle  ; dust and hiss of a record
  adust dust .5, 14
  adust butterhp adust, 900
  ahiss noise .012, 0
  outch p8, (adust + ahiss) * p4, p8 + 1, (adust * .8 + ahiss) * p4
endin

instr Riser    ; a breath of noise that opens until the next section
  anoise noise .5, 0
  asig butterbp anoise, expseg:k(400, p3, 7000), 1500
  place asig * expseg:a(.01, p3 - .02, 1, .02, .001), p4, .5, p8
endin
