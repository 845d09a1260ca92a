"""Checks a Camtrap DP folder with frictionless against table schemas on disk (the two words) and prints its errors and rows as JSON."""
import json
import os
import sys

import frictionless

folder, schemas = sys.argv[1:3]
names = ["deployments", "media", "observations"]
with open(os.path.join(folder, "datapackage.json"), encoding="utf-8") as described:
    package = json.load(described)
resources = []
for name in names:
    with open(os.path.join(schemas, f"{name}-table-schema.json"), encoding="utf-8") as schema:
        table = {"name": name, "path": f"{name}.csv", "type": "table", "schema": json.load(schema)}
    resources.append(frictionless.Resource.from_descriptor(table, basepath=folder))
assert [resource["name"] for resource in package["resources"]] == names
checked = frictionless.Package(resources=resources, basepath=folder).validate()
rows = {
    resource.name: [
        {key: value.isoformat() if hasattr(value, "isoformat") else str(value) for key, value in row.to_dict().items()}
        for row in resource.read_rows()
    ]
    for resource in resources
}
errors = [" ".join(str(part) for part in line) for line in checked.flatten(["type", "title", "rowNumber", "fieldName", "note"])]
print(json.dumps({"errors": errors, "rows": rows}))
