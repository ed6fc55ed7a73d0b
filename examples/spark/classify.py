"""Classifies JSON lines with Apache Spark, for those who outgrow one machine.

    spark-submit classify.py REVIEWS RECORDS --gloss /opt/gloss/bin/gloss --partitions 64

Each partition goes through one `gloss classify` of one thread, by Spark's `pipe`. REVIEWS and
RECORDS are what Spark can read and write: files, folders, hdfs:, s3a:. The program has to be at
the same path on every worker. Reviews need ids of their own: those made of file and line would
be those of a partition. Rows that are no review are told in the workers' logs.
"""

import argparse
import shlex

from pyspark.sql import SparkSession


def main():
    arguments = argparse.ArgumentParser(description="Classifies JSON lines with Apache Spark.")
    arguments.add_argument("reviews")
    arguments.add_argument("records", help="a folder that is not there yet")
    arguments.add_argument("--gloss", required=True, help="the path of the program")
    arguments.add_argument("--partitions", type=int, default=2, help="at least so many")
    given = arguments.parse_args()

    # Status 1 says that rows were rejected, or that a partition was empty: the others are done.
    script = f"{shlex.quote(given.gloss)} classify - --format jsonl --threads 1 || [ $? -eq 1 ]"
    spark = SparkSession.builder.appName("gloss").getOrCreate()
    reviews = spark.sparkContext.textFile(given.reviews, given.partitions)
    reviews.pipe(f"/bin/sh -c {shlex.quote(script)}", checkCode=True).saveAsTextFile(given.records)
    spark.stop()


if __name__ == "__main__":
    main()
