// Opens DMN files with dmn-moddle, what bpmn.io and Camunda Modeler read models with; tells elements, shapes and complaints.
import { readFileSync } from "node:fs";
import { Reader } from "./vendor/dmn-moddle.min.mjs";

const told = [];
for (const path of process.argv.slice(2)) {
  const read = await new Reader().fromXML(readFileSync(path, "utf-8"), "dmn:Definitions");
  told.push({
    elements: read.rootElement.drgElement.length,
    shapes: read.rootElement.dmnDI.diagrams[0].diagramElements.length,
    complaints: read.warnings.map((one) => one.message),
  });
}
process.stdout.write(JSON.stringify(told));
