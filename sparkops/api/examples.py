"""Example bodies for the reference, made from the schema itself so that they cannot disagree."""

from typing import Any

Schema = dict[str, Any]
_BY_FORMAT = {
    "date-time": "2026-11-24T18:30:00Z",
    "date": "2026-11-24",
    "decimal": "12.34",
    "time": "21:30",
    "uri": "https://www.tiktok.com/@maya.glow/video/7500000000000000001",
    "email": "maya@example.com",
}
_BY_NAME = {
    "ads": "0.2000",
    "ad_account": "7000000000000000001",
    "advertiser_id": "7000000000000000001",
    "client": "glow-skincare",
    "code": "not_found",
    "creator": "maya.glow",
    "currency": "USD",
    "cursor": "eyJ…",
    "handle": "maya.glow",
    "item_id": "7500000000000000001",
    "margin": "0.1000",
    "min_fulfilment": "0.8000",
    "name": "Glow",
    "next": "eyJ…",
    "order_id": "577430000000000001",
    "percent": "-20.0",
    "prefix": "spo_1f2e3d4c",
    "product_id": "1729500000000000101",
    "rate": "0.0600",
    "shop_ads_rate": "0.2000",
    "shop_id": "7495000000000000001",
    "sku_id": "1729500000000000201",
    "slug": "glow-skincare",
    "target_roas": "3.0",
    "timezone": "America/Los_Angeles",
    "standard": "0.1500",
    "title": "Glow Serum",
}
_DEPTH = 6


def add_examples(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """A hook of the schema generator: an example beside every body."""
    components = result.get("components", {}).get("schemas", {})
    for item in result["paths"].values():
        for operation in item.values():
            for answer in operation.get("responses", {}).values():
                _fill(answer, components)
            if "requestBody" in operation:
                _fill(operation["requestBody"], components)
    return result


def example_of(schema: Schema, components: Schema, depth: int = 0) -> Any:
    """A value that fits a schema: its own example, its first word, or one by its format."""
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rpartition("/")[2]], components, depth)
    for name in ("examples", "enum"):
        if schema.get(name):
            return next((one for one in schema[name] if one not in ("", None)), None)
    if "default" in schema or "const" in schema:
        return schema.get("default", schema.get("const"))
    for name in ("allOf", "oneOf", "anyOf"):
        if schema.get(name):
            return example_of(schema[name][0], components, depth)
    return _by_type(schema, components, depth)


def _by_type(schema: Schema, components: Schema, depth: int) -> Any:
    kinds = schema.get("type", "object")
    kind = next((one for one in kinds if one != "null"), "") if isinstance(kinds, list) else kinds
    if kind == "object":
        if depth >= _DEPTH:
            return {}
        return {
            name: _named(name, one, components, depth + 1)
            for name, one in schema.get("properties", {}).items()
        }
    if kind == "array":
        return [example_of(schema.get("items", {}), components, depth + 1)]
    if kind == "string":
        return _BY_FORMAT.get(schema.get("format", ""), "text"[: schema.get("maxLength", 4)])
    return {"integer": max(schema.get("minimum", 1), 1), "number": 1.5, "boolean": True}.get(kind)


def _named(name: str, schema: Schema, components: Schema, depth: int) -> Any:
    found = example_of(schema, components, depth)
    return _BY_NAME.get(name, found) if found in ("text", _BY_FORMAT["decimal"]) else found


def _fill(holder: Schema, components: Schema) -> None:
    for content in holder.get("content", {}).values():
        if "schema" in content and "example" not in content and "examples" not in content:
            content["example"] = example_of(content["schema"], components)
