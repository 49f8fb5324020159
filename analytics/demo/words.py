"""What customers and colleagues of the demo company write, in English and Chinese, from components."""

from __future__ import annotations

NOTES = (
    "Left a message.", "Asked to call back next week.", "Sent the data sheet.", "Budget is decided in spring.",
    "Wants a reference customer.", "Compares us with one competitor.", "Line stops in August, good time to install.",
    "Technical questions, brought in an engineer.", "Purchasing joins from now on.", "Friendly, but no date yet.",
    "语音信箱，已留言。", "约下周再打。", "已发产品资料。", "预算要等年后。", "希望看同行案例。", "正在和另一家比价。",
    "技术问题，已请工程师支持。", "采购部开始参与。", "态度不错，时间未定。", "要求再降一点价格。",
)  # fmt: skip
TASK_TEXTS = (
    "Call back", "Send the quote", "Arrange a demo", "Ask who decides", "Follow up on the quote", "Send a case study",
    "回电", "发报价单", "安排演示", "确认决策人", "跟进报价", "发客户案例",
)  # fmt: skip

SURVEY_QUESTIONS = (
    "The lead list helps me decide whom to call",
    "I trust the figures I am shown",
    "I know what the new way of working asks of me",
    "My team lead uses the figures in our reviews",
    "I lose less time on data entry than a year ago",
)
# By mood: doubtful, neutral, content.
SURVEY_COMMENTS = (
    ("I don't see where the score comes from.", "数据和我的客户对不上。", "More typing, less selling.",
     "怕以后只看系统评分。"),
    ("Too early to say.", "还在适应。", "Depends on the week.", "有时有用。"),
    ("Saves me half an hour a day.", "名单很准，省时间。", "Good that the reasons are shown.",
     "开会终于看同一套数了。"),
)  # fmt: skip

# Feedback by language, then by mood (-1, 0, 1): openings, statements, closings.
FEEDBACK = {
    "en": (
        (
            ("Honestly,", "To be frank:", "Third time now:", "I am writing to complain.", "Very disappointed."),
            ("the delivery came two weeks late", "the sensor failed after a month", "support never called back",
             "the invoice was wrong again", "the software keeps crashing", "the price went up without notice",
             "half of the parts were missing", "the technician did not know our machine",
             "the panel arrived damaged", "nobody could tell us when the repair would be done"),
            ("This is not acceptable.", "We are looking at other suppliers.", "Please fix this.", "Not good at all.",
             "It cost us a shift.", "I would not buy it again."),
        ),
        (
            ("For the record,", "Just a note:", "As agreed,", "Short feedback:", "We have installed it;"),
            ("the delivery arrived on the date given", "the unit does what the data sheet says",
             "we received the invoice", "the training took one day", "the update is installed",
             "we use the sensor on line two", "the order was split into two parcels", "the contract runs until June"),
            ("Nothing else to report.", "We will see.", "Average overall.", "Neither good nor bad.", "Regards."),
        ),
        (
            ("Great work!", "I have to say,", "Very happy:", "Thank you!", "Excellent experience."),
            ("the delivery came a day early", "the new controller runs without a hitch",
             "support solved it within an hour", "the software saves us a lot of time", "the price was more than fair",
             "the technician knew our machine inside out", "the training was clear and fun",
             "installation was not difficult at all", "the sensors are accurate and robust",
             "your engineer stayed until it worked"),
            ("We will order again.", "Highly recommended.", "Keep it up.", "Well done.", "No complaints at all."),
        ),
    ),
    "zh-Hans": (
        (
            ("说实话，", "第三次了，", "我要投诉：", "非常失望，", "太让人生气了，"),
            ("交货晚了两周", "传感器用了一个月就坏了", "售后一直不回电话", "发票又开错了", "软件老是崩溃",
             "没通知就涨价",
             "少发了一半配件", "技术员根本不懂我们的设备", "面板到货就是坏的", "没人说得清什么时候能修好"),
            ("这样不能接受。", "我们在找别的供应商。", "请尽快处理。", "体验很差。", "害我们停了一个班。",
             "不会再买了。"),
        ),
        (
            ("说明一下，", "反馈：", "按约定，", "简单说两句，", "已安装，"),
            ("货按约定日期到了", "设备和说明书一致", "发票已收到", "培训用了一天", "更新装好了", "传感器用在二号线",
             "订单分两个包裹到的", "合同到六月"),
            ("没有其他情况。", "再看看吧。", "总体一般。", "不好不坏。", "特此告知。"),
        ),
        (
            ("太好了！", "不得不说，", "非常满意，", "谢谢！", "体验很棒，"),
            ("提前一天就到货了", "新控制器运行很稳", "售后一小时就解决了", "软件帮我们省了很多时间", "价格很公道",
             "技术员对设备非常熟悉", "培训讲得清楚有趣", "安装一点也不难", "传感器又准又耐用",
             "工程师一直陪到调好为止"),
            ("下次还会订。", "强烈推荐。", "继续保持。", "做得好。", "没什么可挑剔的。"),
        ),
    ),
}  # fmt: skip
