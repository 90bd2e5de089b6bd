"""What people type where they have nothing to say, and where they send the reader instead.

Three quarters of what is typed comes from the forms that everybody knows; a quarter from forms
that no list is likely to hold. How well those are seen is reported apart.
"""

from __future__ import annotations

JUNK_KNOWN = (
    "xxx", "test", "...", "n/a", "à compléter", "tbd", "---", "aaaa", "azerty", "inconnu", "???",
    "asdf", "xxxx", "néant", "a definir", "TEST", "unknown", "none", "qwerty", "XX", "todo", "?",
    "à renseigner", "N/C",
)  # fmt: skip
JUNK_OUTSIDE = (
    "sais pas", "on verra", "bidon", "blablabla", "lorem ipsum", "toto", "peu importe", "osef",
    "whatever", "foo bar", "fill in later", "no idea", "vide", "rien à dire", "mettre un truc",
    "pas le temps", "hjkl hjkl", "champ obligatoire",
)  # fmt: skip

POINTERS_KNOWN = (
    "Voir mon mail du 12/03.", "cf tableau Excel", "Détail dans le fichier Excel de Paul.",
    "Tout est dans mon carnet.", "Voir WhatsApp avec le client.", "Suivi dans le tableur partagé.",
    "Voir échange Teams.", "See my email of last week.", "Details in the spreadsheet.",
    "Refer to the Excel sheet.", "Tracked in my notes.", "Check the WhatsApp thread.",
    "See Slack for the latest.", "Siehe Mail vom Montag.", "Steht in der Excel-Liste, siehe Excel.",
    "Ver correo del cliente.", "Ver el Excel de ventas.", "Vedi mail di ieri.",
    "Zie mail van vorige week.", "Voir sur OneDrive.",
)  # fmt: skip
POINTERS_OUTSIDE = (
    "Les chiffres sont chez moi, classeur bleu.", "Demander à Paul, il a la liste à jour.",
    "Je tiens le détail de mon côté.", "L’historique est sur mon téléphone.",
    "Everything is on my laptop.", "Ask Paul, he keeps the list.",
    "My own file has the numbers.", "The real status is on the whiteboard.",
    "Point fait de vive voix, rien d’écrit.", "Cf. le dossier papier.",
)  # fmt: skip
