"""Reads a layer as an editor sees it: YAML 1.2 core schema, our operators as plain values."""

import re

import yaml


class LayerLoader(yaml.SafeLoader):
    """PyYAML resolves plain scalars by YAML 1.1, where `yes` is true and 012 is ten. These are the rules of 1.2."""


LayerLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("tag:yaml.org,2002:null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("tag:yaml.org,2002:int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
    ("tag:yaml.org,2002:float",
     r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
     list("-+.0123456789")),
    ("tag:yaml.org,2002:merge", r"^<<$", ["<"]),
):
    LayerLoader.add_implicit_resolver(tag, re.compile(pattern), first)


def construct_integer(loader, node):
    text = loader.construct_scalar(node)
    return int(text, 8 if text.startswith("0o") else 16 if text.startswith("0x") else 10)


def construct_operator(loader, _suffix, node):
    """`!append [x]` stays a list, `!replace {...}` a mapping, `!delete` nothing at all."""
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return DELETED


DELETED = object()
LayerLoader.add_constructor("tag:yaml.org,2002:int", construct_integer)
LayerLoader.add_multi_constructor("!", construct_operator)


def without_deleted(value):
    if isinstance(value, dict):
        return {key: without_deleted(member) for key, member in value.items() if member is not DELETED}
    if isinstance(value, list):
        return [without_deleted(item) for item in value]
    return value


def load(text):
    """The layer as a dictionary; an empty one is {}."""
    return without_deleted(yaml.load(text, LayerLoader) or {})
