namespace Workflow;

public enum InquiryStatus
{
    Pending,
    Answered,
    Expired,
}
