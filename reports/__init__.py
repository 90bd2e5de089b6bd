"""Show a judgement: the page, the lists and the words of both languages."""
