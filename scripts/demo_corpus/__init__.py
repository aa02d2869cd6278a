"""A labelled corpus of program-made music: what to play (genres), which notes (harmony, melody), who plays (arrange), how it sounds (render)."""
