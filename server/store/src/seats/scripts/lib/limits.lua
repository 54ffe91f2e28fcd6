-- How many transitions a journal keeps, and for how long answers are kept at least, ms. The store puts its own numbers here.
local JOURNAL, KEEP = 20000, 600000
