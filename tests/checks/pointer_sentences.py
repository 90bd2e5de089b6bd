"""What people write when the truth is elsewhere, and what only sounds like it.

``SAID``, ``NOT_SAID``, ``RETOLD`` and ``RETOLD_NOT_SAID`` shaped the lexicon. The held-out
sentences were written before it took its present form, by meaning alone, and nothing was tuned
to them: they tell how it does on words that it never saw.
"""

from __future__ import annotations

SAID = {
    "fr": (
        "Voir mail du 12/03 de Mme Dupont",
        "cf. fichier Excel partagé pour les prix",
        "Tout est dans mon tableur",
        "détail dans le drive",
        "Suivi sur WhatsApp avec l'acheteur",
        "v. mes notes",
        "Mis à jour dans le fichier Excel de Paul",
        "VOIR COURRIEL",
        "relance faite, voir sharepoint",
        "Historique dans mon carnet",
    ),
    "en": (
        "See email from 3 March",
        "Refer to the spreadsheet for pricing",
        "Tracked in Excel",
        "Updated in our Google Sheet",
        "Details in my notes",
        "as per the WhatsApp with Joe",
        "check Slack for the latest",
        "see OneNote",
        "All info is in the shared Excel file",
    ),
    "de": (
        "siehe E-Mail vom 3.4.",
        "laut Excel-Liste",
        "Steht in der Excel-Tabelle",
        "Details in meinen Notizen",
        "s. Mail von Herrn Maier",
    ),
    "es": (
        "Ver correo del lunes",
        "consultar el Excel compartido",
        "según mi hoja de cálculo",
        "Está todo en el Excel",
        "ver WhatsApp",
    ),
    "it": (
        "vedi mail del 10/2",
        "vedere il foglio Excel",
        "come da email di ieri",
        "è tutto nel file Excel",
        "consultare i miei appunti",
    ),
    "nl": (
        "zie mail van maandag",
        "zie de Excel",
        "staat in mijn Excel-bestand",
        "bijgehouden in Excel",
        "volgens WhatsApp",
    ),
}

NOT_SAID = {
    "fr": (
        "Cahier des charges reçu, chiffrage en cours",
        "Exporter vers Excel : fonction demandée par le client",
        "Excellent rendez-vous, ils signent en mai",
        "Envoyer un mail à Mme Dupont",
        "Voir si le mail est bien arrivé",
        "Rappeler lundi, voir avec le directeur",
        "Le client suit son stock dans Excel",
        "Vérifier l'adresse mail",
        "Voir mail ci-dessous",
        "Réunion Teams jeudi 14 h",
        "Voir adresse mail du contact",
        "Formation Excel niveau 2",
    ),
    "en": (
        "Excellent call, they want a quote",
        "Export to Excel is a must for them",
        "Send email to Joe",
        "Check if the email bounced",
        "They track their stock in Excel",
        "Check email address before sending",
        "See you on Teams on Friday",
        "check teams availability in Paris",
        "See data sheet attached to the quote",
        "Replace their spreadsheets by our product",
        "Call on WhatsApp",
        "Emailing campaign in May",
    ),
    "de": (
        "Hat die Mail bekommen, ruft zurück",
        "Excel-Export gewünscht",
        "siehe Angebot",
        "Kunde führt Lager in Excel",
        "E-Mail schicken",
    ),
    "es": (
        "Enviar correo el lunes",
        "Exportar a Excel",
        "ver con el director",
        "El cliente lleva sus pedidos en Excel",
        "Excelente reunión",
    ),
    "it": (
        "Inviare mail con offerta",
        "Eccellente incontro",
        "vedi offerta allegata",
        "Il cliente gestisce il magazzino in Excel",
        "esportare in Excel",
    ),
    "nl": (
        "Mail sturen naar inkoper",
        "Excellent gesprek",
        "zie offerte",
        "Klant houdt voorraad bij in Excel",
        "exporteren naar Excel",
    ),
}

RETOLD = {
    "fr": (
        "L'historique des échanges est dans ma boîte mail",
        "se reporter au tableau Excel du service",
        "prix : regarder le Google Sheet",
        "les dernières infos sont sur Slack",
        "je tiens le suivi à part dans un classeur Excel",
        "tout noté sur mon cahier perso",
    ),
    "en": (
        "the numbers live in Anna's spreadsheet",
        "look at the Teams chat for what was agreed",
        "history is kept in my inbox",
        "pricing sits in the xlsx on the shared drive",
        "have a look in my notebook",
        "full story in the Slack channel",
    ),
    "de": (
        "Näheres in meinem Postfach",
        "Preise findest du in der Excel",
        "alles Weitere per WhatsApp abgestimmt, dort nachlesen",
    ),
    "es": (
        "lo tengo apuntado en mi libreta",
        "mirar el correo de Ana",
        "los precios están en la hoja de Google",
    ),
    "it": (
        "i dettagli li trovi nella mia casella di posta",
        "guardare il foglio condiviso su Drive",
    ),
    "nl": (
        "alles staat in mijn mailbox",
        "kijk in de gedeelde spreadsheet",
    ),
}

RETOLD_NOT_SAID = {
    "fr": (
        "Le prospect gère ses relances sur un tableur, bon argument pour nous",
        "Devis envoyé par mail le 4",
        "Intéressé par notre connecteur SharePoint",
        "Merci de mettre à jour le prix du drive dans l'offre",
        "voir la salle avant le salon",
        "Son mail : a.martin@exemple.fr",
        "Carnet de commandes plein jusqu'en juin",
        "A demandé un export Excel de ses factures",
        "Ne répond plus aux mails",
        "Voir le prix de la feuille de route",
    ),
    "en": (
        "Customer wants to move off spreadsheets",
        "Sent the deck by email, waiting for feedback",
        "Test drive booked for Tuesday",
        "They use Slack and Notion internally",
        "Check the mail merge module with support",
        "Noted: decision in June",
        "Met the sales teams in Lyon",
        "Follow up by email next week",
        "Sheet metal order confirmed",
        "Updated offer sent by mail",
    ),
    "de": ("Angebot per Mail verschickt", "Teamsitzung am Montag", "Interesse an Excel-Schulung"),
    "es": ("Mandar oferta por correo", "Quiere dejar de usar Excel", "Volver a llamar el martes"),
    "it": ("Richiamare martedì", "Preventivo mandato per mail", "Usano Excel per gli ordini"),
    "nl": ("Offerte per mail verstuurd", "Gebruikt nu Excel", "Terugbellen na vakantie"),
}

HELD_OUT = {
    "fr": (
        "Toute la négociation est dans mes mails",
        "Chiffres à jour : prendre le fichier Excel de la compta",
        "on se tient au courant par WhatsApp, rien ici",
        "reprendre les éléments du SharePoint équipe",
        "je garde les échéances sur un Google Sheet",
        "cf échange Slack avec le directeur",
    ),
    "en": (
        "I keep the pricing in a spreadsheet",
        "ask Tom for the Excel, it has the real dates",
        "agreed terms are in my mailbox",
        "go to the shared drive for the latest offer",
        "everything else is on WhatsApp",
        "see Outlook thread with procurement",
    ),
    "de": (
        "Konditionen stehen in meinem Notizbuch",
        "Aktueller Stand nur in der Excel-Datei",
        "bitte Mail vom 3.5. lesen",
    ),
    "es": (
        "las condiciones están en mi correo",
        "lo demás lo llevo en un Excel",
        "revisar el Drive antes de llamar",
    ),
    "it": (
        "le condizioni sono nella mail di Carlo",
        "tengo tutto su un foglio Excel",
    ),
    "nl": (
        "de afspraken staan in mijn mail",
        "actuele cijfers in mijn spreadsheet",
    ),
}

HELD_OUT_NOT_SAID = {
    "fr": (
        "Il veut tout voir par mail avant jeudi",
        "Relancer par mail et par SMS",
        "Ils tiennent leur stock sur Excel, à remplacer",
        "Appel Teams avec le directeur, très positif",
        "Migration de leur SharePoint prévue en 2027",
        "A lu notre courriel, rendez-vous pris",
        "Voir la démo du tableur intégré",
    ),
    "en": (
        "Will check with his boss and email us",
        "Wants an Excel import in the product",
        "Customer replied to my email, positive",
        "Joined the Teams call, budget confirmed",
        "Our notes app demo went well",
        "Drive revenue up by cross-selling",
        "Confirmed by email on Monday",
    ),
    "de": ("Mail mit Angebot geschickt, Antwort steht aus", "Kunde nutzt Excel und Outlook"),
    "es": ("Confirmado por correo el viernes", "Necesita ver resultados en Excel exportables"),
    "it": ("Confermato via mail", "Vuole vedere la demo su Teams"),
    "nl": ("Bevestigd per mail", "Klant wil zien of Excel gekoppeld kan worden"),
}
