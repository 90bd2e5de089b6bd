"""A company that installs automatic doors and loading bays, in France."""

COMPANY = "Portalys"
MAIL = "portalys.example"
COUNTRY = "France"

FIRST_NAMES = (
    "Agathe", "Alban", "Anaïs", "Aurélien", "Béatrice", "Benoît", "Brigitte", "Cédric", "Clémence",
    "Corentin", "Delphine", "Denis", "Édith", "Emmanuel", "Estelle", "Étienne", "Fanny", "Florian",
    "Gilles", "Guillaume", "Hakim", "Hervé", "Jeanne", "Joël", "Julie", "Kévin", "Lætitia",
    "Leïla", "Ludovic", "Maëlle", "Magali", "Mehdi", "Mireille", "Noémie", "Pascal", "Perrine",
    "Rachid", "Régis", "Romain", "Sabrina", "Samir", "Sandrine", "Solène", "Sylvain", "Thierry",
    "Vanessa", "Véronique", "Vincent", "Virginie", "Yann",
)  # fmt: skip
LAST_NAMES = (
    "Aubertin", "Bachelet", "Beaumont", "Belkacem", "Blanchard", "Bonnefoy", "Bouchet", "Bourdin",
    "Brunel", "Caillaud", "Castelain", "Chauvet", "Chevrier", "Clavel", "Collignon", "Cordier",
    "Courtois", "Dallery", "Daubigny", "Delcourt", "Descamps", "Diallo", "Dufresne", "Escoffier",
    "Fauvel", "Ferreira", "Fleuriot", "Forestier", "Gaillard", "Gauthier", "Giraudet", "Gosselin",
    "Grandjean", "Guérin", "Haddad", "Hautbois", "Herbelin", "Jacquemin", "Jaouen", "Kieffer",
    "Labarthe", "Lagrange", "Lambrecht", "Laplace", "Le Goff", "Lemoine", "Levasseur", "Loiseau",
    "Maillet", "Marchand", "Mazurier", "Mercadier", "Meunier", "Monnier", "Morvan", "Nadaud",
    "Navarro", "Nguyen", "Oudinot", "Paillard", "Paquet", "Perrault", "Picard", "Poulain",
    "Prigent", "Quentin", "Raynaud", "Renaudin", "Ribeiro", "Rocher", "Roussillon", "Sauvage",
    "Schneider", "Seguin", "Sorel", "Soulié", "Taillandier", "Tanguy", "Thibault", "Tournier",
    "Traoré", "Vaillant", "Valentin", "Verdier", "Viguier", "Villard", "Weber", "Zimmermann",
)  # fmt: skip
TRADES = (
    "Transports", "Logistique", "Entrepôts", "Menuiserie", "Charpentes", "Imprimerie",
    "Cartonnages", "Plasturgie", "Mécanique", "Fonderie", "Carrosserie", "Garage", "Pharmacie",
    "Clinique", "Laboratoire", "Résidence", "Hôtel", "Brasserie", "Boulangerie", "Minoterie",
    "Semences", "Serres", "Jardinerie", "Bricolage", "Électricité", "Façades", "Toitures",
    "Peinture", "Travaux publics", "Carrières", "Scierie", "Papeterie", "Textiles", "Filature",
    "Tannerie", "Verrerie", "Céramiques", "Cosmétiques", "Optique", "Robotique", "Câblages",
    "Emballages", "Recyclage", "Messagerie", "Déménagements", "Cinéma", "Piscines", "Manège",
    "Thermes", "Chocolaterie",
)  # fmt: skip
LEGAL_FORMS = ("", "", "", " SAS", " SARL", " SA")
INDUSTRIES = (
    "Transport", "Industrie", "Construction", "Santé", "Hôtellerie", "Commerce de détail",
    "Agroalimentaire", "Services", "Secteur public", "Énergie",
)  # fmt: skip
VARIANTS = {
    "Transport": ("TRANSPORT", "transport", "Transports"),
    "Industrie": ("industrie", "INDUSTRIE", "Industrie."),
    "Construction": ("construction", "Constructon", "CONSTRUCTION"),
    "Commerce de détail": ("Commerce de detail", "commerce de détail", "Commerce  de détail"),
}
#: What is spelt anew only where people spell as they like.
MORE_VARIANTS = {
    "Santé": ("santé", "SANTE", "Sante"),
    "Hôtellerie": ("Hotellerie", "hôtellerie", "HÔTELLERIE"),
    "Agroalimentaire": ("agroalimentaire", "AGROALIMENTAIRE", "Agro alimentaire"),
    "Services": ("services", "SERVICES", "Services."),
    "Secteur public": ("secteur public", "Secteur-public", "Secteur  Public"),
    "Énergie": ("Energie", "énergie", "ÉNERGIE"),
}
CITIES = (
    ("Angers", "49000"), ("Besançon", "25000"), ("Brest", "29200"), ("Caen", "14000"),
    ("Clermont-Ferrand", "63000"), ("Le Havre", "76600"), ("Limoges", "87000"), ("Metz", "57000"),
    ("Montpellier", "34000"), ("Mulhouse", "68100"), ("Nancy", "54000"), ("Nîmes", "30000"),
    ("Orléans", "45000"), ("Pau", "64000"), ("Perpignan", "66000"), ("Poitiers", "86000"),
    ("Rennes", "35000"), ("Saint-Étienne", "42000"), ("Strasbourg", "67000"), ("Tours", "37000"),
    ("Troyes", "10000"), ("Valence", "26000"), ("Vannes", "56000"), ("Villeurbanne", "69100"),
)  # fmt: skip
STREETS = (
    "rue des Tilleuls", "avenue de la Gare", "rue Pasteur", "chemin du Moulin",
    "quai de l’Industrie", "rue Victor-Hugo", "allée des Acacias", "boulevard Carnot",
    "rue du Stade", "place du Marché",
)  # fmt: skip
TITLES = (
    "Directrice de site", "Responsable maintenance", "Acheteur", "Gérante", "Directeur technique",
    "Responsable sécurité", "Conducteur de travaux", "Directrice administrative et financière",
)  # fmt: skip
STAGES = ("Qualification", "Analyse du besoin", "Visite technique", "Offre remise", "Négociation")
WON, LOST = "Gagnée", "Perdue"
CATEGORIES = ("Pipeline", "Pipeline", "Pipeline", "Meilleur cas", "Engagement", "Fermé", "Omis")
PIPELINES = ("Nouvelles affaires", "Renouvellements", "Commandes en ligne")
TYPES = ("Affaire nouvelle", "Renouvellement", "Commande web")
SOURCES = ("Salon", "Recommandation", "Appel entrant", "Prospection", "Architecte", "Autre")
WEB_SOURCE = "Formulaire du site"
LOST_REASONS = (
    "Prix trop élevé", "Concurrent retenu", "Projet reporté", "Délai de pose", "Budget refusé",
)  # fmt: skip
PROJECTS = (
    "Portes sectionnelles", "Rideaux métalliques", "Quais de chargement", "Portes coupe-feu",
    "Barrières levantes", "Portes automatiques", "Contrat d’entretien", "Portails coulissants",
    "Niveleurs de quai", "Sas d’entrée", "Portes souples", "Contrôle d’accès",
)  # fmt: skip
SITES = (
    "bâtiment A", "bâtiment C", "atelier", "extension", "hall 2", "siège", "dépôt nord",
    "dépôt sud", "tranche 1", "tranche 2", "réception", "plateforme", "aile est", "parking",
)  # fmt: skip
NEXT_STEPS = (
    "Envoyer l’offre révisée", "Rappeler après le comité d’achat", "Visite du site jeudi",
    "Valider les cotes avec l’atelier", "Relancer sur la commande", "Obtenir l’accord du siège",
    "Présenter la variante isolée", "Fixer la date de pose", "Faire signer le bon de commande",
    "Rencontrer le responsable sécurité", "Chiffrer l’option radar", "Confirmer le financement",
)  # fmt: skip
SUBJECTS = {
    "call": ("Appel de suivi", "Point téléphonique", "Appel de relance", "Appel découverte"),
    "meeting": ("Visite sur site", "Rendez-vous client", "Réunion technique"),
    "task": ("Préparer l’offre", "Envoyer la documentation", "Vérifier les plans", "Relancer"),
    "email": ("Votre projet de portes", "Offre et planning", "Compte rendu de visite"),
    "note": ("Note", "Compte rendu"),
}
NOTES = (
    "Le client attend la décision du siège pour {when}.",
    "Visite faite avec {who}, les cotes sont bonnes.",
    "{who} demande une variante avec isolation renforcée.",
    "Budget confirmé par {who}, pose souhaitée en {when}.",
    "Le cahier des charges prévoit l’export vers Excel des compteurs d’ouverture.",
    "Excellent échange avec {who}, relance prévue en {when}.",
    "Concurrent déjà passé, prix inférieur de quelques pour cent.",
    "{who} veut recevoir le devis par mail avant {when}.",
    "Le tableau électrique est à déplacer avant la pose.",
    "Le site ferme trois semaines, pose possible seulement en {when}.",
    "Accord de principe de {who} sur la solution à deux vantaux.",
    "Attente du permis, {who} nous rappelle en {when}.",
    "Le carnet d’entretien du matériel actuel est incomplet, diagnostic proposé.",
    "Le drive du magasin doit rester accessible pendant les travaux.",
)
WHO = ("le directeur", "l’acheteuse", "M. Verdier", "Mme Prigent", "l’architecte", "le gérant")
WHEN = ("janvier", "mars", "mai", "juin", "septembre", "octobre", "novembre")
REPORTS = (
    "Affaires en cours par commercial", "Prévisions du trimestre", "Portefeuille par étape",
    "Affaires gagnées du mois", "Suivi des relances", "Prévisions par équipe",
)  # fmt: skip
OTHER_REPORTS = (
    "Contacts sans adresse", "Comptes par secteur", "Pistes du salon", "Anniversaires clients",
    "Tickets ouverts", "Campagne de mai", "Contrats à renouveler", "Comptes inactifs",
)  # fmt: skip
FOLDERS = ("Pilotage commercial", "Marketing")
FILES = ("Devis", "Plan de pose", "Fiche technique", "Bon de commande signé")
PRICE_LIST = "Tarif public portes.xlsx"
SIDE_FILES = ("Suivi affaires", "Mes relances", "Prévisions", "Portefeuille", "Tracking clients")
TEAMS = ("Ouest", "Est", "Sud", "Nord", "Grands comptes", "Collectivités")
JOBS = {
    "rep": "Technico-commercial", "manager": "Chef des ventes",
    "director": "Directrice commerciale", "assistant": "Assistante commerciale",
    "program": "Intégration",
}  # fmt: skip
PROGRAM = "Intégration ERP"
SURNAME_LIKE_JUNK, NAME_LIKE_TEST = "Na", "Test & Co"
