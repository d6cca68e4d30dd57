// Java artefacts from a Maven repository, by their coordinates.
import { join } from "node:path";
import mvn from "mvn-artifact-url";
import { download } from "./download.ts";
import { downloadFailure } from "./failures.ts";
import type { Work } from "./work.ts";

/** The package is CommonJS with a default export, which loaders wrap once or not at all. */
const artifactUrl = (mvn as { default?: typeof mvn.default }).default ?? (mvn as unknown as typeof mvn.default);

export interface MavenArtifact {
  groupId: string;
  artifactId: string;
  version: string;
  extension: string;
  /** Hexadecimal. */
  sha256: string;
  /** Bytes. */
  size: number;
}

export function mavenFileName(artifact: MavenArtifact): string {
  return `${artifact.artifactId}-${artifact.version}.${artifact.extension}`;
}

/** Fetches the artefact into `folder`; resolves to its path there. A file that is there is not fetched again. */
export async function fetchMaven(artifact: MavenArtifact, folder: string, work: Work): Promise<string> {
  const name = mavenFileName(artifact);
  const file = join(folder, name);
  const { groupId, artifactId, version, extension, sha256, size } = artifact;
  const mirror = work.mirrors.maven?.replace(/\/*$/, "/");
  try {
    const url = await artifactUrl({ groupId, artifactId, version, extension }, mirror);
    await download({ name, url, checksum: { algorithm: "sha256", hex: sha256 }, size }, file, work);
  } catch (error) {
    throw downloadFailure(error, name, "maven");
  }
  return file;
}
