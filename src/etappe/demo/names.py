"""Word lists of the simulated market: companies, persons, places, titles. All combinations are made up."""

from __future__ import annotations

from typing import Final

SURNAMES: Final = (
    "Achterberg", "Adler", "Albrecht", "Altmann", "Amrein", "Angerer", "Arndt", "Aschenbrenner", "Auer", "Bach",
    "Bader", "Bahr", "Balzer", "Bartels", "Bauer", "Baumgart", "Beck", "Behrens", "Bender", "Berger", "Bergmann",
    "Bernhard", "Biermann", "Bischof", "Blaser", "Block", "Böhm", "Böttcher", "Bohlen", "Brandt", "Braun",
    "Brenner", "Breuer", "Brinkmann", "Brunner", "Buchholz", "Bühler", "Bürgi", "Burkhardt", "Busch", "Christen",
    "Conrad", "Dahlmann", "Daubner", "Decker", "Degen", "Dietrich", "Döring", "Dorn", "Drescher", "Dürr", "Ebert",
    "Eckert", "Egger", "Ehlers", "Eichner", "Eigenmann", "Engel", "Erhardt", "Ernst", "Esser", "Falk", "Fehr",
    "Feldmann", "Fiedler", "Fink", "Fischer", "Fleischmann", "Förster", "Forster", "Frank", "Franke", "Freitag",
    "Frey", "Friedrich", "Fritsch", "Frommelt", "Fuchs", "Gabler", "Gärtner", "Gasser", "Gebhardt", "Geiger",
    "Gerber", "Gerlach", "Glaser", "Göbel", "Götz", "Graf", "Greiner", "Grimm", "Groß", "Gruber", "Günther", "Haas",
    "Haberl", "Hagen", "Hahn", "Hammer", "Hartmann", "Hauser", "Hecht", "Heider", "Heinrich", "Heller", "Hermann",
    "Herzog", "Hess", "Heuer", "Hinze", "Hirsch", "Hofer", "Hoffmann", "Hofmann", "Holzer", "Horn", "Huber",
    "Hübner", "Imhof", "Jäger", "Jahn", "Jansen", "Jost", "Jung", "Kaiser", "Kaltenbach", "Kaufmann", "Keller",
    "Kern", "Kessler", "Kiefer", "Kirchner", "Klein", "Klinger", "Knecht", "Knoll", "Koch", "Köhler", "König",
    "Körner", "Kohler", "Kraft", "Kramer", "Kraus", "Krebs", "Kröger", "Krüger", "Kühn", "Kuhn", "Kunz", "Kurz",
    "Lang", "Lange", "Laube", "Lehmann", "Leitner", "Lenz", "Lindner", "Link", "Lorenz", "Ludwig", "Lutz", "Maier",
    "Mangold", "Marti", "Martin", "Marx", "Maurer", "Mayr", "Meier", "Menzel", "Merz", "Metzger", "Meyer", "Michel",
    "Mohr", "Moser", "Mühlbauer", "Müller", "Nagel", "Neubauer", "Neumann", "Nickel", "Niederer", "Noack",
    "Oberholzer", "Ochsner", "Ott", "Otto", "Pfeiffer", "Pichler", "Pohl", "Popp", "Prinz", "Probst", "Raab",
    "Rapp", "Rauch", "Reich", "Reichert", "Reinhardt", "Reiter", "Renner", "Richter", "Riedel", "Rieger", "Ritter",
    "Röder", "Römer", "Roth", "Rudolph", "Rupp", "Sander", "Sauer", "Schäfer", "Schaller", "Scheffler", "Schenk",
    "Scherer", "Schilling", "Schindler", "Schlegel", "Schmid", "Schmidt", "Schmitt", "Schneider", "Schnyder",
    "Scholz", "Schön", "Schreiber", "Schröder", "Schubert", "Schütz", "Schultz", "Schulze", "Schumacher",
    "Schuster", "Schwab", "Schwarz", "Seidel", "Seifert", "Seitz", "Senn", "Siebert", "Simon", "Sommer", "Spengler",
    "Stadler", "Stahl", "Stark", "Steffen", "Stein", "Steiner", "Stettler", "Stocker", "Stoll", "Straub", "Strobl",
    "Sturm", "Suter", "Tanner", "Thaler", "Thiel", "Thomas", "Tobler", "Trautmann", "Ulrich", "Unger", "Urban",
    "Vetter", "Vogel", "Vogt", "Voigt", "Volk", "Wagner", "Walch", "Wallner", "Walter", "Wanner", "Weber",
    "Wegener", "Weigel", "Weiß", "Wendt", "Werner", "Wieland", "Wild", "Wimmer", "Winkler", "Winter", "Wirth",
    "Witt", "Wolf", "Wolff", "Wyss", "Zach", "Zahn", "Zander", "Zeller", "Zenker", "Ziegler", "Zimmermann", "Zingg",
    "Zöllner", "Zumstein",
)  # fmt: skip

MEN: Final = (
    "Alexander", "Andreas", "Bernd", "Christian", "Daniel", "David", "Dieter", "Dirk", "Dominik", "Fabian", "Felix",
    "Florian", "Frank", "Georg", "Gerhard", "Günter", "Hans", "Heinz", "Holger", "Jan", "Jens", "Johannes", "Jonas",
    "Jörg", "Jürgen", "Kai", "Karl", "Klaus", "Lars", "Lukas", "Manfred", "Marco", "Markus", "Martin", "Matthias",
    "Michael", "Norbert", "Oliver", "Patrick", "Peter", "Philipp", "Rainer", "Ralf", "Reto", "Robert", "Roland",
    "Sebastian", "Stefan", "Sven", "Thomas", "Thorsten", "Tim", "Tobias", "Ulrich", "Uwe", "Volker", "Walter",
    "Werner", "Wolfgang",
)  # fmt: skip
WOMEN: Final = (
    "Anja", "Anna", "Barbara", "Beate", "Birgit", "Carolin", "Christina", "Claudia", "Daniela", "Elena",
    "Elisabeth", "Eva", "Franziska", "Friederike", "Gabriele", "Hannah", "Heike", "Helga", "Ingrid", "Jana",
    "Johanna", "Julia", "Karin", "Katharina", "Katrin", "Kerstin", "Kristina", "Laura", "Lena", "Lisa", "Manuela",
    "Maria", "Marion", "Martina", "Melanie", "Monika", "Nadine", "Nicole", "Nina", "Petra", "Regina", "Sabine",
    "Sandra", "Sarah", "Silke", "Simone", "Sonja", "Stefanie", "Susanne", "Tanja", "Ulrike", "Ursula", "Verena",
    "Yvonne",
)  # fmt: skip
FIRST_NAMES: Final = (*MEN, *WOMEN)

# (word in the name, industry as the CRM writes it); the first ones are the vendor's best customers
TRADES: Final = (
    ("Maschinenbau", "Maschinenbau"), ("Antriebstechnik", "Maschinenbau"), ("Pumpentechnik", "Maschinenbau"),
    ("Getriebebau", "Maschinenbau"), ("Werkzeugmaschinen", "Maschinenbau"), ("Förderanlagen", "Maschinenbau"),
    ("Verpackungsmaschinen", "Maschinenbau"), ("Kompressoren", "Maschinenbau"), ("Hydraulik", "Maschinenbau"),
    ("Anlagenbau", "Anlagenbau"), ("Kältetechnik", "Anlagenbau"), ("Lufttechnik", "Anlagenbau"),
    ("Turbinenservice", "Energie"), ("Windkraft", "Energie"), ("Kraftwerkstechnik", "Energie"),
    ("Papierfabrik", "Papier"), ("Zellstoffwerk", "Papier"), ("Wellpappe", "Papier"),
    ("Stahlwerk", "Metall"), ("Walzwerk", "Metall"), ("Metallbau", "Metall"), ("Gießerei", "Metall"),
    ("Drahtzieherei", "Metall"), ("Schmiedetechnik", "Metall"), ("Zementwerk", "Baustoffe"),
    ("Kieswerke", "Baustoffe"), ("Kalkwerk", "Baustoffe"), ("Molkerei", "Lebensmittel"),
    ("Mühlenwerke", "Lebensmittel"), ("Getränke", "Lebensmittel"), ("Backwaren", "Lebensmittel"),
    ("Zuckerfabrik", "Lebensmittel"), ("Chemie", "Chemie"), ("Lacke", "Chemie"), ("Kunststoffe", "Chemie"),
    ("Spritzguss", "Chemie"), ("Wasserwerke", "Wasser"), ("Abwassertechnik", "Wasser"),
    ("Automobiltechnik", "Automobil"), ("Zulieferteile", "Automobil"), ("Karosseriebau", "Automobil"),
    ("Feinmechanik", "Maschinenbau"), ("Textilmaschinen", "Maschinenbau"), ("Druckmaschinen", "Maschinenbau"),
    ("Holzwerke", "Holz"), ("Sägewerk", "Holz"), ("Möbelwerke", "Holz"), ("Seilbahnen", "Verkehr"),
    ("Schienentechnik", "Verkehr"), ("Logistik", "Verkehr"),
)  # fmt: skip

# country, city, first digits of the postal code
PLACES: Final = (
    ("DE", "Stuttgart", "70"), ("DE", "Nürnberg", "90"), ("DE", "München", "80"), ("DE", "Augsburg", "86"),
    ("DE", "Köln", "50"), ("DE", "Düsseldorf", "40"), ("DE", "Dortmund", "44"), ("DE", "Bielefeld", "33"),
    ("DE", "Münster", "48"), ("DE", "Hannover", "30"), ("DE", "Braunschweig", "38"), ("DE", "Hamburg", "20"),
    ("DE", "Bremen", "28"), ("DE", "Berlin", "10"), ("DE", "Leipzig", "04"), ("DE", "Dresden", "01"),
    ("DE", "Chemnitz", "09"), ("DE", "Erfurt", "99"), ("DE", "Kassel", "34"), ("DE", "Frankfurt am Main", "60"),
    ("DE", "Mannheim", "68"), ("DE", "Karlsruhe", "76"), ("DE", "Freiburg", "79"), ("DE", "Ulm", "89"),
    ("DE", "Regensburg", "93"), ("DE", "Würzburg", "97"), ("DE", "Saarbrücken", "66"), ("DE", "Siegen", "57"),
    ("AT", "Wien", "10"), ("AT", "Linz", "40"), ("AT", "Graz", "80"), ("AT", "Salzburg", "50"),
    ("AT", "Innsbruck", "60"), ("AT", "Klagenfurt", "90"), ("CH", "Zürich", "80"), ("CH", "Basel", "40"),
    ("CH", "Bern", "30"), ("CH", "Winterthur", "84"), ("CH", "St. Gallen", "90"), ("CH", "Luzern", "60"),
)  # fmt: skip

LEGAL_FORMS: Final = {
    "DE": ("GmbH", "GmbH & Co. KG", "AG", "KG", "GmbH", "SE & Co. KGaA", "e.K.", "OHG"),
    "AT": ("GmbH", "Ges.m.b.H.", "AG", "KG", "GmbH & Co KG"),
    "CH": ("AG", "GmbH", "AG", "SA"),
}
COUNTRIES: Final = ("DE", "AT", "CH")
COUNTRY_NAMES: Final = {"DE": "Deutschland", "AT": "Österreich", "CH": "Schweiz"}

SUBSIDIARIES: Final = ("Service", "Vertrieb", "Systemtechnik", "International")
STREETS: Final = (
    "Industriestraße", "Gewerbepark", "Bahnhofstraße", "Hauptstraße", "Werkstraße", "Im Gewerbegebiet",
    "Dieselstraße", "Siemensstraße", "Robert-Bosch-Straße", "Am Kanal",
)  # fmt: skip

ROLES: Final = ("initiator", "user", "decider", "influencer", "buyer", "gatekeeper", "user", "influencer", "user", "influencer")
# role -> titles: German for a man, German for a woman, English
TITLES: Final = {
    "initiator": (("Leiter Instandhaltung", "Teamleiter Betriebstechnik", "Leiter Technischer Service"),
                  ("Leiterin Instandhaltung", "Teamleiterin Betriebstechnik", "Leiterin Technischer Service"),
                  ("Head of Maintenance", "Maintenance Manager")),
    "user": (("Instandhalter", "Servicetechniker", "Schichtführer Produktion", "Meister Mechanik"),
             ("Mitarbeiterin Instandhaltung", "Servicetechnikerin", "Schichtführerin Produktion", "Meisterin Elektrik"),
             ("Reliability Engineer", "Maintenance Technician")),
    "decider": (("Geschäftsführer", "Werkleiter", "Technischer Leiter", "Kaufmännischer Leiter"),
                ("Geschäftsführerin", "Werkleiterin", "Technische Leiterin", "Kaufmännische Leiterin"),
                ("Managing Director", "Plant Manager", "CFO")),
    "influencer": (("Leiter IT", "Ingenieur Automatisierung", "Leiter Qualitätssicherung", "Projektingenieur Digitalisierung"),
                   ("Leiterin IT", "Ingenieurin Automatisierung", "Leiterin Qualitätssicherung", "Projektingenieurin"),
                   ("IT Manager", "Automation Engineer", "Head of Digitalization")),
    "buyer": (("Einkäufer", "Leiter Einkauf", "Strategischer Einkäufer"),
              ("Einkäuferin", "Leiterin Einkauf", "Strategischer Einkauf"),
              ("Purchasing Manager", "Strategic Buyer")),
    "gatekeeper": (("Assistent der Geschäftsführung", "Sekretariat", "Empfang"),
                   ("Assistentin der Geschäftsführung", "Sekretariat", "Empfang"),
                   ("Executive Assistant", "Office Manager")),
}  # fmt: skip

FREE_MAIL: Final = ("gmx.de", "web.de", "gmail.com", "outlook.com", "gmx.at", "bluewin.ch")
PROVIDER_MAIL: Final = "t-online.de"
# network names of internet providers and their domains, as a geo database states them
PROVIDERS: Final = (
    ("Deutsche Telekom AG", "t-ipconnect.de"), ("Vodafone GmbH", "vodafone-ip.de"), ("1&1 Versatel GmbH", "versatel.de"),
    ("A1 Telekom Austria AG", "a1.net"), ("Swisscom AG", "bluewin.ch"), ("Telefonica Germany GmbH", "telefonica.de"),
)  # fmt: skip
ROLE_MAILBOXES: Final = ("info", "einkauf", "technik", "instandhaltung")

OWN_DOMAIN: Final = "messwerk-sensorik.example"
OWN_COMPANY: Final = "Messwerk Sensorik GmbH"
# first name, last name, department
COLLEAGUES: Final = (
    ("Mara", "Lindqvist", "Vertrieb"), ("Jonas", "Achterhoff", "Vertrieb"), ("Petra", "Sommerfeld", "Vertrieb"),
    ("Cem", "Yildirim", "Vertrieb"), ("Hanna", "Oberle", "Innendienst"), ("Lukas", "Brandner", "Innendienst"),
    ("Sophie", "Keppler", "Marketing"), ("Timo", "Raschke", "Marketing"), ("Ines", "Wohlfahrt", "Service"),
    ("Gregor", "Nowotny", "Service"), ("Ute", "Sandmann", "Geschäftsführung"), ("Felix", "Torbeck", "IT"),
)  # fmt: skip

_LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "ae", "Ö": "oe", "Ü": "ue"})


def slug(word: str) -> str:
    """A name as it stands in a domain or an e-mail address."""
    return "".join(letter if letter.isalnum() else "-" for letter in word.translate(_LETTERS).lower()).strip("-")
