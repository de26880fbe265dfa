"""Does a real validator agree with what cases.json says about each value? json_schema_test asks quantconf the same."""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator


def main():
    path = pathlib.Path(__file__).with_name("cases.json")
    wrong = values = 0
    for case in json.loads(path.read_text())["cases"]:
        schema = {"$defs": case.get("definitions", {}), "type": "object", "properties": {"x": case["field"]}}
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        for verdict, expected in (("good", True), ("only_json_schema_accepts", True),
                                  ("bad", False), ("only_quantconf_accepts", False)):
            for value in case.get(verdict, []):
                values += 1
                if validator.is_valid({"x": value}) != expected:
                    wrong += 1
                    print(f"FAIL {case['about']}: {value!r} should be {'valid' if expected else 'refused'}")
    print(f"{values - wrong} of {values} values as expected")
    return 1 if wrong or not values else 0


if __name__ == "__main__":
    sys.exit(main())
