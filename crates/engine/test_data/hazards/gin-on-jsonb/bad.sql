CREATE TABLE events (id bigint PRIMARY KEY, data jsonb);
-- next revision
CREATE INDEX CONCURRENTLY events_data_idx ON events USING gin (data);
