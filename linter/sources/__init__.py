"""Sources: the files of a run, their bytes, their text and the documents inside them."""
