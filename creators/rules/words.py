"""What was done, in people's words."""

DEEDS = {
    "creator.edited": "Details changed",
    "creator.imported": "Imported from a sheet",
    "creator.placed": "Owner, tier or tags changed",
    "creator.blocked": "Blocked",
    "creator.unblocked": "No longer blocked",
    "creator.found": "Found in the marketplace",
    "market.searched": "Marketplace searched",
    "market.search_deleted": "Search deleted",
    "creators.tagged": "Tagged",
    "creators.assigned": "Given to a person",
    "creators.tiered": "Put into a tier",
    "creators.batch_undone": "Taken back",
    "post.clues_set": "Words of a product changed",
    "post.match_decided": "Author or product decided",
    "post.imported": "Imported from a sheet",
    "collaboration.rate_proposed": "New rates proposed",
    "collaboration.rate_approved": "New rates approved",
    "collaboration.rate_declined": "New rates declined",
    "collaboration.rate_done": "Changed in Seller Center",
    "collaboration.changed_outside": "Rates changed in TikTok, not from here",
    "application.approved": "Application approved",
    "application.declined": "Application declined",
    "application.reopened": "Application opened again",
    "posts.tagged": "Tagged",
    "posts.assigned": "Given to a person",
    "posts.batch_undone": "Taken back",
    "sample.extended": "Extended by 7 days",
    "sample.shortened": "Extension taken back",
    "sample.approved": "Approved",
    "sample.declined": "Declined",
    "sample.answer_undone": "Answer taken back",
    "sample.reminded": "Reminder asked for",
}


def deed(verb: str) -> str:
    """The words of an audit verb; one without words reads as it is written."""
    return DEEDS.get(verb, verb.replace(".", " ").replace("_", " ").capitalize())
