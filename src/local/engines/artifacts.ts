// The Maven artefacts of the engines, pinned with checksum and size.
import type { MavenArtifact } from "./maven.ts";

/** Spark's way to S3 (what pyspark 3.5.6's Hadoop 3.3.4 needs of the AWS SDK, not its 281 MB bundle) and to PostgreSQL. */
export const sparkJars: readonly MavenArtifact[] = [
  jar(
    "org.apache.hadoop",
    "hadoop-aws",
    "3.3.4",
    962_685,
    "53f9ae03c681a30a50aa17524bd9790ab596b28481858e54efd989a826ed3a4a",
  ),
  jar(
    "com.amazonaws",
    "aws-java-sdk-core",
    "1.12.262",
    1_045_128,
    "06fed99f929c389e168278c1b111aaf1afb270d07202fbbce92e73d1e4279678",
  ),
  jar(
    "com.amazonaws",
    "aws-java-sdk-s3",
    "1.12.262",
    1_256_738,
    "a0cb7580178bc0d4d3558295a5bb890008478da8a6b3241989c71238b0ed3be5",
  ),
  jar(
    "com.amazonaws",
    "aws-java-sdk-dynamodb",
    "1.12.262",
    1_997_350,
    "7af4ba06d0d9b3c2ab435089caecd0567810d203aa285f7aa72861f1964d442e",
  ),
  jar(
    "com.amazonaws",
    "jmespath-java",
    "1.12.262",
    27_590,
    "9001ea993a45d82a2d3086edcbda8a40b4e012d049a70fbf071fd329c0fbd777",
  ),
  jar(
    "org.postgresql",
    "postgresql",
    "42.7.8",
    1_116_727,
    "2a32a9dcbc42d67a50ad3a0de5efd102c8d2be46720045f2cbd6689f160ab7c7",
  ),
];

export const trinoVersion = "476";

export const trinoServer: MavenArtifact = {
  groupId: "io.trino",
  artifactId: "trino-server-core",
  version: trinoVersion,
  extension: "tar.gz",
  size: 194_358_953,
  sha256: "0f388f9967c177ae70a47c099082fc95387f0c3cb96d8000d1d41fc3a5223158",
};

export const trinoHive: MavenArtifact = {
  groupId: "io.trino",
  artifactId: "trino-hive",
  version: trinoVersion,
  extension: "zip",
  size: 258_326_133,
  sha256: "611bacdb07d9f3cf7b9d47f97ecc76fa2e7ff8bfe8a9728c3d06adc1bfb8662e",
};

function jar(groupId: string, artifactId: string, version: string, size: number, sha256: string): MavenArtifact {
  return { groupId, artifactId, version, extension: "jar", size, sha256 };
}
