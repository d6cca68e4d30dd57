-- Athena bills by the bytes that it scans. The table lies in one folder a day: a condition on the partition keys (year, month, day: text
-- with two digits) opens those folders only. Compare the time of the first two statements: the rows are the same. Parquet keeps the
-- least and the greatest value of each column, so both scan little here; over text or JSON the first would scan everything.

-- By the date column: every file is opened.
SELECT order_date, count(*) AS orders, sum(amount) AS revenue
FROM orders
WHERE order_date BETWEEN DATE '1997-12-20' AND DATE '1997-12-24'
GROUP BY order_date
ORDER BY order_date;

-- By the partition keys: five folders.
SELECT order_date, count(*) AS orders, sum(amount) AS revenue
FROM orders
WHERE year = '1997' AND month = '12' AND day BETWEEN '20' AND '24'
GROUP BY order_date
ORDER BY order_date;

-- Which partitions hold the most? Each row is a day.
SELECT year, month, day, count(*) AS orders
FROM orders
GROUP BY year, month, day
ORDER BY orders DESC, year, month, day
LIMIT 10;

-- In which file does a row lie? "$path" is a hidden column of every table.
SELECT "$path" AS file, count(*) AS orders
FROM orders
WHERE year = '1998' AND month = '06'
GROUP BY "$path"
ORDER BY file;

-- How Athena would run it, without running it.
EXPLAIN
SELECT customer_segment, count(*)
FROM customers
WHERE year = '1997'
GROUP BY customer_segment;
