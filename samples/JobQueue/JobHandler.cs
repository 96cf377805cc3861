namespace Jobs;

/// <summary>Does a job's work: the job is completed when the task succeeds and failed when it throws.</summary>
public delegate Task JobHandler(Job job, CancellationToken cancellationToken);
