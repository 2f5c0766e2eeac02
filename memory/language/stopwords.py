"""Words that say nothing about what is looked for: English, German, Spanish and French."""

_ENGLISH = """
a about after again all also am an and any are as at be been but by can could did do does for from
get had has have he her him his how i if in into is it its just know let like me more most my no
not of on or our out please say she should show so some tell than that the their them then there
these they this to too up us was we were what when where which who why will with would you your
"""

_GERMAN = """
aber als am an auch auf aus bei bin bis bist da das dass dem den der des die dies diese dieser du
ein eine einem einen einer er es für hat hatte ich ihr im in ist ja kann man mein mich mir mit nach
nicht noch nun oder sich sie sind so um und uns von war was wie wir wird wo zu zum zur
"""

_SPANISH = """
al como con cual cuál de del donde el ella en era es esa ese eso esta está este esto fue ha hay la
las le lo los me mi más no nos o para pero por porque que qué se ser si sí sin sobre su sus te tu un
una y yo
"""

_FRENCH = """
au aux avec ce ces cet cette dans de des du elle en est et il ils je la le les leur lui ma mais me
mes moi mon ne nous on ou où par pas pour qu que quel quelle qui sa se ses si son sont sur ta te tes
toi ton tu un une vous était
"""

STOPWORDS = frozenset((_ENGLISH + _GERMAN + _SPANISH + _FRENCH).split())
"""Left out of a search by words, unless nothing else was said."""
