// Which resource types a local lake makes real; it records all others. A test holds the list against the lake's own services.

const LIVE: ReadonlySet<string> = new Set([
  "AWS::Athena::NamedQuery",
  "AWS::Athena::WorkGroup",
  "AWS::Glue::Connection",
  "AWS::Glue::Crawler",
  "AWS::Glue::Database",
  "AWS::Glue::Job",
  "AWS::Glue::Table",
  "AWS::Glue::Trigger",
  "AWS::Logs::LogGroup",
  "AWS::RDS::DBInstance",
  "AWS::S3::Bucket",
  "AWS::SecretsManager::Secret",
]);

export function isLiveOnLake(type: string): boolean {
  return LIVE.has(type);
}

/** For the test that holds it against the lake. */
export const liveTypes = (): readonly string[] => [...LIVE];
