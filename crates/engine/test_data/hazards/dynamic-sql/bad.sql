DO $$ BEGIN EXECUTE 'DROP TABLE ' || current_user; END $$;
