# awsglue as AWS documents it, on plain PySpark: written from the AWS Glue Developer Guide only, so that a job script runs here as it does on AWS.


def __getattr__(name: str):
    # Late, so that awsglue.utils needs no PySpark.
    if name == "DynamicFrame":
        from awsglue.dynamicframe import DynamicFrame

        return DynamicFrame
    raise AttributeError(f"module 'awsglue' has no attribute {name!r}")
