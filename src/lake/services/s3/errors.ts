// S3's own errors, with its codes, messages and members. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
import { ServiceError } from "../../fault.ts";

export function noSuchBucket(bucket: string): ServiceError {
  return new ServiceError("NoSuchBucket", "The specified bucket does not exist", {
    status: 404,
    members: { BucketName: bucket },
  });
}

export function noSuchKey(key: string): ServiceError {
  return new ServiceError("NoSuchKey", "The specified key does not exist.", { status: 404, members: { Key: key } });
}

export function noSuchVersion(key: string, versionId: string): ServiceError {
  return new ServiceError("NoSuchVersion", "The specified version does not exist.", {
    status: 404,
    members: { Key: key, VersionId: versionId },
  });
}

export function noSuchUpload(uploadId: string): ServiceError {
  return new ServiceError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    { status: 404, members: { UploadId: uploadId } },
  );
}

export function invalidArgument(name: string, value: unknown, message: string): ServiceError {
  return new ServiceError("InvalidArgument", message, { members: { ArgumentName: name, ArgumentValue: value } });
}

export function preconditionFailed(condition: string): ServiceError {
  return new ServiceError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    status: 412,
    members: { Condition: condition },
  });
}

export function notModified(): ServiceError {
  return new ServiceError("NotModified", "Not Modified", { status: 304 });
}

export function malformedXml(): ServiceError {
  return new ServiceError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
}

export function accessDenied(): ServiceError {
  return new ServiceError("AccessDenied", "Access Denied", { status: 403 });
}
