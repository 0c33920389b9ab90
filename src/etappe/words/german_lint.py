"""What `lint` and imports find in maps, personas, segments, surveys and transcripts, in German: templates as in `german_faults`."""

from __future__ import annotations

from typing import Final

LINT: Final[dict[str, str]] = {
    "The id `{}` stands here twice; first in line {}.": "Die Kennung `{}` steht hier zweimal; zuerst in Zeile {}.",
    "This place of the curve stands here twice; first in line {}.": "Diese Stelle der Kurve steht hier zweimal; zuerst in Zeile {}.",
    "Give one of them another id, or remove it.": "Geben Sie einer davon eine andere Kennung, oder entfernen Sie sie.",
    "`{}` stands here twice; first in line {}.": "`{}` steht hier zweimal; zuerst in Zeile {}.",
    "Leave one of them.": "Lassen Sie eines davon stehen.",
    "A key has to be a word.": "Ein Schlüssel muss ein Wort sein.",
    "Put it in quotes.": "Setzen Sie es in Anführungszeichen.",
    "Mend the indentation, or put the text in quotes.": "Berichtigen Sie die Einrückung, oder setzen Sie den Text in Anführungszeichen.",
    "The {} stands in the {} `{}`, which is gone.": "{} steht in {} `{}`; das gibt es nicht mehr.",
    "The card spans up to `{}`, which is gone.": "Die Karte reicht bis `{}`, das es nicht mehr gibt.",
    "The card stands in no {}.": "Die Karte steht in keiner {}.",
    "The comment is on `{}`, which is gone.": "Der Kommentar gehört zu `{}`, das es nicht mehr gibt.",
    "Remove it, or restore what it was on.": "Entfernen Sie ihn, oder stellen Sie wieder her, wozu er gehörte.",
    "The step `{}` is in the stage `{}`, not in `{}`.": "Der Schritt `{}` liegt in der Phase `{}`, nicht in `{}`.",
    "Move one of them.": "Verschieben Sie eines von beiden.",
    "There is no competitor `{}`.": "Einen Wettbewerber `{}` gibt es nicht.",
    "There is no interview `{}`.": "Ein Interview `{}` gibt es nicht.",
    "The claim cannot be read at character {}: {}": "Die Annahme ist ab Zeichen {} nicht lesbar: {}",
    "The {} has no owner.": "{}: Wer sie verantwortet, steht nicht da.",
    "Say `{}`.": "Schreiben Sie `{}`.",
    "The {} has no review date.": "{}: Der Tag des nächsten Reviews steht nicht da.",
    "Say `review_by: …`; half a year from now is usual.": "Schreiben Sie `review_by: …`; üblich ist in einem halben Jahr.",
    "The review was due on {}, {} days ago.": "Das Review war am {} fällig, vor {} Tagen.",
    "The review of `{}` was due on {}.": "Das Review von `{}` war am {} fällig.",
    "Review it, then set the next date.": "Halten Sie das Review, und setzen Sie dann den nächsten Tag.",
    "`{}` says nothing.": "`{}` sagt nichts.",
    "Write its text, or remove it.": "Schreiben Sie den Text, oder entfernen Sie es.",
    "The stage `{}` ends with no milestone.": "Die Phase `{}` endet ohne Meilenstein.",
    "What have customers reached when it ends?": "Was haben Kunden erreicht, wenn sie endet?",
    "{} of the {} not translated ({}).": "{0} der {1}: nicht übersetzt ({2}).",
    "{} of `{}` not translated ({}).": "{} von `{}` nicht übersetzt ({}).",
    "Translate it.": "Übersetzen Sie es.",
    "The Word file has nothing of Word in it.": "In der Word-Datei ist nichts von Word.",
}  # fmt: skip
