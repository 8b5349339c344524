"""People written down as rows, a batch at a time, in the order in which things happened: lists
page by key. Nothing is marked to be done; who writes judges everybody afterwards."""

from horetsu_site.demo.batch import Batch
from horetsu_site.demo.customer_rows import write_customers, write_purchases
from horetsu_site.demo.fact_rows import write_facts
from horetsu_site.demo.mail_rows import write_mails


def write(batch: Batch) -> None:
    """Write everything of these people, inside the door of their shop."""
    write_customers(batch)
    write_purchases(batch)
    write_mails(batch)
    write_facts(batch)
