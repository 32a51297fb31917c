-- Some 9,000 rows, always the same.
INSERT INTO bridges (code, name, built, length_m)
SELECT 'B' || to_char(n, 'FM0000'), 'Bridge ' || n, 1890 + n % 130, 12.5 + n % 400
FROM generate_series(1, 300) n;

INSERT INTO inspectors (name, licence)
SELECT 'Inspector ' || n, 'L-' || to_char(n, 'FM000')
FROM generate_series(1, 20) n;

INSERT INTO inspections (bridge, inspector, held_on, weather)
SELECT n % 300 + 1, n % 20 + 1, date '2024-01-01' + n % 800, (ARRAY['dry', 'rain', NULL, 'frost'])[n % 4 + 1]
FROM generate_series(1, 2000) n;

INSERT INTO defects (inspection, part, grade)
SELECT n % 2000 + 1, (ARRAY['deck', 'pier', 'bearing', 'rail'])[n % 4 + 1], (ARRAY['minor', 'minor', 'serious', 'urgent'])[n % 4 + 1]
FROM generate_series(1, 4000) n;

INSERT INTO photos (defect, path, taken_at)
SELECT n * 2, 'photos/' || n || '.jpg', timestamptz '2024-01-01 12:00+00' + n * interval '6 hours'
FROM generate_series(1, 1500) n;

INSERT INTO work_orders (defect, due, done)
SELECT n * 3, date '2025-01-01' + n % 500, n % 3 = 0
FROM generate_series(1, 1000) n;
