// PGlite's own start parameters less two: `-O` (it would allow changes to system tables) and `search_path=public`
// (a real server has `"$user", public`). What a dry run accepts, a server with default settings accepts.
export const START_PARAMETERS = [
  '--single',
  '-F',
  '-j',
  ...[
    'exit_on_error=false',
    'log_checkpoints=false',
    'max_worker_processes=0',
    'max_parallel_workers=0',
    'max_parallel_workers_per_gather=0',
    'max_parallel_maintenance_workers=0',
    'io_method=sync',
  ].flatMap((setting) => ['-c', setting]),
];
