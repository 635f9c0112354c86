"""How the labels of what the pipeline finds begin."""

FACT, WIDE, PART, SAID = "fact:", "wide:", "part:", "said:"
CUE, SIGNAL, FORM, CONTEXT = "cue:", "signal:", "form:", "context:"
