// Reads a Parquet file with DuckDB for the tests of package export: columns with their types, and all rows as one JSON object.
// usage: node query.mjs FOLDER-OF-node_modules FILE [count]: with "count" sums in place of rows
import { createRequire } from "node:module";
import path from "node:path";

const [modules, file, form] = process.argv.slice(2);
const require = createRequire(path.join(modules, "x.js"));
const { DuckDBInstance } = require("@duckdb/node-api");
const db = await (await DuckDBInstance.create(":memory:")).connect();
const from = `read_parquet('${file.replaceAll("'", "''")}')`;
const ask = async (sql) => (await db.runAndReadAll(sql)).getRowsJson();
const types = Object.fromEntries((await ask(`describe select * from ${from}`)).map((r) => [r[0], r[1]]));
const select = Object.keys(types).map((name) => (name === "utc" ? "epoch_ns(utc)" : `"${name}"`) + `::VARCHAR`);
const columns = Object.fromEntries(Object.keys(types).map((name) => [name, []]));
if (form !== "count") {
  for (const row of await ask(`select ${select.join(", ")} from ${from}`)) {
    Object.values(columns).forEach((c, i) => c.push(row[i]));
  }
}
const groups = (await ask(`select max(row_group_num_rows), count(distinct row_group_id) from parquet_metadata('${file}')`))[0].map(Number);
const meta = Object.fromEntries(await ask(`select decode(key), decode(value) from parquet_kv_metadata('${file}')`));
console.log(JSON.stringify({ types, columns, groups, meta, count: Number((await ask(`select count(*) from ${from}`))[0][0]) }));
