"""
The terms of schema.org that pages use, as version 30.0 has them: an independent check of what pages claim.

Each property has the types that may have it and the types of its values. `problems` reads JSON-LD as the triples that
rdflib makes of it, so it sees what any program would see.
"""

import json
import re

from rdflib import RDF, SDO, Graph, Literal

PARENTS = {  # type: the types that it is a kind of
    "Answer": ["Comment"],
    "Article": ["CreativeWork"],
    "Audience": ["Thing"],
    "Book": ["CreativeWork"],
    "BreadcrumbList": ["ItemList"],
    "Chapter": ["CreativeWork"],
    "CollectionPage": ["WebPage"],
    "Comment": ["CreativeWork"],
    "CorrectionComment": ["Comment"],
    "CreativeWork": ["Thing"],
    "EntryPoint": ["Thing"],
    "ItemList": ["Thing"],
    "ListItem": ["Thing"],
    "Dataset": ["CreativeWork"],
    "NewsArticle": ["Article"],
    "Report": ["Article"],
    "Thesis": ["CreativeWork"],
    "MediaObject": ["CreativeWork"],
    "MedicalAudience": ["Audience", "PeopleAudience"],
    "MedicalWebPage": ["WebPage"],
    "Organization": ["Thing"],
    "Patient": ["MedicalAudience", "Person"],
    "PeopleAudience": ["Audience"],
    "Person": ["Thing"],
    "PropertyValue": ["Thing"],
    "QAPage": ["WebPage"],
    "Question": ["Comment"],
    "ScholarlyArticle": ["Article"],
    "SearchAction": ["Action"],
    "Action": ["Thing"],
    "WebPage": ["CreativeWork"],
    "WebSite": ["CreativeWork"],
}
PROPERTIES = {  # property: (types that may have it, types of its values)
    "about": (["CreativeWork"], ["Thing"]),
    "acceptedAnswer": (["Question"], ["Answer"]),
    "answerCount": (["Question"], ["Integer"]),
    "audience": (["CreativeWork"], ["Audience"]),
    "audienceType": (["Audience"], ["Text"]),
    "author": (["CreativeWork"], ["Organization", "Person"]),
    "breadcrumb": (["WebPage"], ["BreadcrumbList"]),
    "citation": (["CreativeWork"], ["CreativeWork"]),
    "comment": (["CreativeWork"], ["Comment"]),
    "contentUrl": (["MediaObject"], ["URL"]),
    "contributor": (["CreativeWork"], ["Organization", "Person"]),
    "correction": (["CreativeWork"], ["CorrectionComment"]),
    "correctionsPolicy": (["Organization"], ["URL"]),
    "creativeWorkStatus": (["CreativeWork"], ["Text"]),
    "dateModified": (["CreativeWork"], ["Date"]),
    "datePublished": (["CreativeWork"], ["Date"]),
    "description": (["Thing"], ["Text"]),
    "digitalSourceType": (["CreativeWork"], ["IPTCDigitalSourceEnumeration"]),
    "editor": (["CreativeWork"], ["Person"]),
    "encoding": (["CreativeWork"], ["MediaObject"]),
    "encodingFormat": (["MediaObject"], ["Text"]),
    "honorificSuffix": (["Person"], ["Text"]),
    "identifier": (["Thing"], ["PropertyValue"]),
    "inLanguage": (["CreativeWork"], ["Text"]),
    "isPartOf": (["CreativeWork"], ["CreativeWork"]),
    "item": (["ListItem"], ["Thing"]),
    "itemListElement": (["ItemList"], ["ListItem"]),
    "lastReviewed": (["WebPage"], ["Date"]),
    "mainEntity": (["CreativeWork"], ["Thing"]),
    "name": (["Thing"], ["Text"]),
    "numberOfItems": (["ItemList"], ["Integer"]),
    "position": (["CreativeWork", "ListItem"], ["Integer"]),
    "potentialAction": (["Thing"], ["Action"]),
    "propertyID": (["PropertyValue"], ["Text"]),
    "publisher": (["CreativeWork"], ["Organization"]),
    "publishingPrinciples": (["CreativeWork", "Organization"], ["URL"]),
    "query-input": (["SearchAction"], ["Text"]),
    "reviewedBy": (["WebPage"], ["Organization", "Person"]),
    "sameAs": (["Thing"], ["URL"]),
    "suggestedAnswer": (["Question"], ["Answer"]),
    "target": (["Action"], ["EntryPoint"]),
    "text": (["CreativeWork"], ["Text"]),
    "translator": (["CreativeWork"], ["Organization", "Person"]),
    "url": (["Thing"], ["URL"]),
    "urlTemplate": (["EntryPoint"], ["Text"]),
    "value": (["PropertyValue"], ["Text"]),
    "version": (["CreativeWork"], ["Integer"]),
}
MEMBERS = {
    "IPTCDigitalSourceEnumeration": {
        "CompositeWithTrainedAlgorithmicMediaDigitalSource",
        "TrainedAlgorithmicMediaDigitalSource",
    }
}
FORMS = {
    "Date": r"\d{4}(-\d\d-\d\d)?",
    "Integer": r"\d+",
    "Text": r"(?s).*\S.*",
    "URL": r"https?://[^\s<>\"]+",
    **{name: rf"https://schema\.org/({'|'.join(members)})" for name, members in MEMBERS.items()},
}
CONTEXT = {"@vocab": str(SDO)}  # schema.org's own, of which pages use no more


def unknown_to_rdflib(names: set[str]) -> set[str]:
    """Return those of the terms that are not in rdflib's own copy of schema.org."""
    return {name for name in names if name not in SDO}


def kinds(name: str) -> set[str]:
    """Return the type and all that it is a kind of."""
    return {name}.union(*(kinds(parent) for parent in PARENTS.get(name, [])))


def problems(data: dict) -> list[str]:
    """Return what schema.org does not allow in this JSON-LD, in sentences; empty if all is allowed."""
    assert data["@context"] == "https://schema.org"
    graph = Graph().parse(data=json.dumps({**data, "@context": CONTEXT}), format="json-ld")
    assert len(graph) > 3
    return [found for triple in graph for found in _problems(graph, *triple)]


def _types(graph, node) -> set[str]:
    return {str(kind).removeprefix(str(SDO)) for kind in graph.objects(node, RDF.type)}


def _problems(graph, subject, predicate, value):
    name = str(predicate).removeprefix(str(SDO))
    own = set().union(*(kinds(kind) for kind in _types(graph, subject)))
    if predicate == RDF.type:
        kind = str(value).removeprefix(str(SDO))
        if kind not in PARENTS and kind != "Thing":
            yield f"{kind} is no known type."
    elif name not in PROPERTIES:
        yield f"{name} is no known property."
    elif not own.intersection(PROPERTIES[name][0]):
        yield f"{name} is no property of {sorted(own)}."
    elif isinstance(value, Literal):
        if not any(re.fullmatch(FORMS.get(kind, "(?!)"), str(value)) for kind in PROPERTIES[name][1]):
            yield f"{value!r} is no value of {name}."
    elif not set().union(*(kinds(kind) for kind in _types(graph, value))).intersection(PROPERTIES[name][1]):
        yield f"{sorted(_types(graph, value))} is no value of {name}."
