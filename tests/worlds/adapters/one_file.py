"""A world as one list of deals from nowhere in particular: names instead of keys, local habits."""

from __future__ import annotations

from pathlib import Path

from tests.worlds.adapters.files import File, Style, write_files
from tests.worlds.adapters.masks import NOTHING, Mask
from tests.worlds.world import World

_FRENCH = {
    "Référence": "id",
    "Nom de l’affaire": "name",
    "Compte": "(account_name)",
    "Commercial": "(owner_name)",
    "Étape": "stage",
    "Montant": "amount",
    "Probabilité": "probability",
    "Date de clôture": "close_date",
    "Date de création": "(strftime(created_at, '%d/%m/%Y'))",
    "Dernière modification": "(strftime(modified_at, '%d/%m/%Y'))",
    "Prochaine action": "next_step",
    "Motif de perte": "lost_reason",
    "Origine": "lead_source",
}
_ENGLISH = {
    "Record ID": "id",
    "Deal name": "name",
    "Account": "(account_name)",
    "Owner": "(owner_name)",
    "Stage": "stage",
    "Amount": "amount",
    "Probability": "probability",
    "Close date": "close_date",
    "Created date": "(strftime(created_at, '%Y-%m-%d'))",
    "Last modified": "(strftime(modified_at, '%Y-%m-%d'))",
    "Next step": "next_step",
    "Lost reason": "lost_reason",
    "Source": "lead_source",
}
_JOINED = (
    "create table world_list as select d.*, a.name as account_name, u.name as owner_name"
    " from world_deals as d left join world_accounts as a on a.id = d.account_id"
    " left join world_users as u on u.id = d.owner_id where not d.is_deleted order by d.id"
)


def write_one_file(world: World, folder: Path, mask: Mask = NOTHING) -> None:
    """Write the deals of a world as one CSV, in the language of its company."""
    french = world.plan.language == "fr"
    columns = {
        header: column if column.startswith("(") else _written(column, french=french)
        for header, column in (_FRENCH if french else _ENGLISH).items()
        if column.startswith("(") or not mask.hides("deals", column)
    }
    name = "affaires.csv" if french else "deals.csv"
    style = Style(separator=";" if french else ",", quoted=False)
    write_files(
        world, folder, {name: File("deals", columns, relation="list")}, style, mask, (_JOINED,)
    )


def _written(column: str, *, french: bool) -> str:
    if column == "amount":
        return (
            "(replace(cast(amount as varchar), '.', ','))"
            if french
            else "(cast(amount as varchar))"
        )
    if column == "close_date":
        return f"(strftime(close_date, '{'%d/%m/%Y' if french else '%Y-%m-%d'}'))"
    if column == "probability":
        return "(cast(cast(probability as integer) as varchar))"
    return column
