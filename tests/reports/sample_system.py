"""What the invented audit says of the system around the CRM: people, foundations, plan."""

from __future__ import annotations

from datetime import date

from checks.system import (
    Action,
    AnsweredQuestion,
    AspectResult,
    Contradiction,
    DeclaredAnswers,
    FoundationResult,
    GivenAnswer,
    QuestionResult,
    Target,
    Witness,
)

WEEKLY = {"en": "on the screen, every other week", "fr": "affiché, tous les quinze jours"}
NONE = {"en": "no review is held", "fr": "aucune revue ne se tient"}
REVIEW = {
    "en": "At the last review, was the CRM on the screen?",
    "fr": "Lors de la dernière revue, le CRM était-il affiché à l’écran ?",
}
TRAINING = {
    "en": "Does a named person train newcomers?",
    "fr": "Une personne désignée forme-t-elle les nouveaux arrivants ?",
}
NO = {"en": "no", "fr": "non"}


def sample_answers() -> DeclaredAnswers:
    """Return an interview with a contradiction, a disagreement and a family filled."""
    return DeclaredAnswers(
        respondents={"director": 1, "manager": 1, "rep": 2},
        answered_on=date(2026, 11, 20),
        questions=[
            AnsweredQuestion(
                question_id="review_on_screen",
                number=1,
                text=REVIEW,
                given=[
                    GivenAnswer(role="director", choice="weekly", text=WEEKLY, level=0, people=1),
                    GivenAnswer(role="rep", choice="no_review", text=NONE, level=2, people=2),
                ],
                level=1.33,
                disagreement=True,
                contradictions=[
                    Contradiction(
                        role="director", said="holds", check_id="open-deal-past-close-date"
                    )
                ],
                fills=["not_used_for_decisions.ritual"],
            ),
            AnsweredQuestion(
                question_id="who_trains",
                number=9,
                text=TRAINING,
                given=[GivenAnswer(role="manager", choice="no", text=NO, level=2, people=1)],
                level=2.0,
            ),
        ],
        unanswered=["who_corrects", "who_reads_fields"],
        fields_to_delete=["Code NAF"],
    )


def sample_foundations() -> list[FoundationResult]:
    """Return the three foundations, with an aspect in each state."""
    late = Witness(kind="check", id="open-deal-past-close-date", says="fails")
    amounts = Witness(kind="check", id="won-deal-without-amount", says="holds")
    said = Witness(kind="answer", id="review_on_screen", says="partly")
    trains = Witness(kind="answer", id="who_trains", says="fails")
    return [
        FoundationResult(
            id="ritual",
            state="absent",
            basis="measured",
            contradicted=True,
            aspects=[
                AspectResult(
                    id="review",
                    state="absent",
                    basis="measured",
                    contradicted=True,
                    witnesses=[late, said],
                ),
                AspectResult(id="alerts", state="unknown", basis=None, unseen=["alert_untreated"]),
            ],
        ),
        FoundationResult(
            id="responsibility",
            state="known",
            basis="measured",
            aspects=[
                AspectResult(id="quality", state="known", basis="measured", witnesses=[amounts]),
                AspectResult(id="training", state="absent", basis="declared", witnesses=[trains]),
            ],
        ),
        FoundationResult(
            id="scenario",
            state="unknown",
            basis=None,
            aspects=[
                AspectResult(id="purpose", state="documented", basis="declared"),
                AspectResult(
                    id="deals",
                    state="unknown",
                    basis=None,
                    unseen=["lead-untouched", "a-check-of-another-version"],
                ),
            ],
        ),
    ]


def sample_questions() -> list[QuestionResult]:
    """Return the four questions, one with each reply."""
    return [
        QuestionResult(id="uses", reply="unknown", basis=None, unseen=["who_reads_fields"]),
        QuestionResult(
            id="steers",
            reply="no",
            basis="measured",
            contradicted=True,
            witnesses=[Witness(kind="check", id="open-deal-past-close-date", says="fails")],
        ),
        QuestionResult(
            id="controls",
            reply="partly",
            basis="declared",
            witnesses=[Witness(kind="answer", id="review_on_screen", says="partly")],
        ),
        QuestionResult(
            id="decides",
            reply="yes",
            basis="measured",
            witnesses=[Witness(kind="check", id="won-deal-without-amount", says="holds")],
        ),
    ]


def sample_actions() -> list[Action]:
    """Return an action with a target, one without a figure, and one that answers call for."""
    return [
        Action(
            id="weekly-review",
            foundation="ritual",
            scope="everyone",
            priority=0.4,
            owner="manager",
            meeting="pipeline_review",
            cadence="weekly",
            effort="S",
            checks=["open-deal-past-close-date", "open-deal-without-next-step"],
            measures=Target(check_id="open-deal-past-close-date", baseline=212 / 517, target=0.05),
            due=date(2027, 1, 29),
            money_touched="2400000.00",
            worklists=["worklists/open-deal-past-close-date.csv"],
            text={
                "en": {
                    "title": "Review the pipeline every week, in the CRM",
                    "do": "Thirty minutes, with the CRM on the screen.",
                    "scope": "For everyone: it takes a common rule.",
                },
                "fr": {
                    "title": "Tenir chaque semaine la revue du portefeuille dans le CRM",
                    "do": "Trente minutes, le CRM à l’écran.",
                    "scope": "Pour tous : il y faut une règle commune.",
                },
            },
        ),
        Action(
            id="vocabulary",
            foundation="scenario",
            scope="open",
            priority=0.2,
            owner="admin",
            meeting="data_hour",
            cadence="monthly",
            effort="S",
            checks=["value-variant"],
            due=date(2026, 12, 30),
            text={
                "en": {
                    "title": "One list of values",
                    "do": "Replace free text by a list.",
                    "scope": "The cause is not settled: see first whom it concerns.",
                },
                "fr": {
                    "title": "Une liste de valeurs",
                    "do": "Remplacez le texte libre par une liste.",
                    "scope": "La cause n’est pas établie : voyez d’abord qui cela concerne.",
                },
            },
        ),
        Action(
            id="onboarding",
            foundation="responsibility",
            scope="open",
            priority=0.02,
            owner="manager",
            meeting="none",
            cadence="per_hire",
            effort="M",
            questions=["who_trains"],
            due=date(2027, 1, 29),
            text={
                "en": {"title": "Name who trains newcomers", "do": "One named trainer."},
                "fr": {"title": "Désigner qui forme les arrivants", "do": "Un formateur désigné."},
            },
        ),
    ]
