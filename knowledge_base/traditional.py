"""Fold traditional characters of banking talk to simplified ones. Knows single characters only.

Articles are simplified; customers from Hong Kong or Taiwan are found by what they type anyway.
"""

_TRADITIONAL = (
    "這個們來時說國會對為學過還後開關問間門號碼帳賬戶餘額銀錢轉匯遺掛補辦證請與無電話機"
    "領現儲蓄貸還億萬歐幣點數積換兌率費免單據稅務證險投資產業員訂購買賣賠償訴訟電郵箱訊"
    "簡驗應該設備裝載錯誤鎖凍結啟動註冊銷變更資料隱權護詐騙盜竊壞損壓過連線網絡絡頁際內"
    "優惠獎賞師親屬繼承遲誤擔憂緊處響營離開選擇讓給絕拒從幾張條紙實體龍臺灣區縣鎮鄉總經"
    "記錄錄視頻聲聽歲學費課後傳樣麼嗎兩雙將爾愛覺聯繫係類負債貨價標檢查詢復復細節約極僅"
    "輸許計劃劃畫進運達遠適邊醫療頭題願願顯顧風飛飯館馬駕駛體驗髮鐘長錶針鑰匙閉閱隊階"
    "團圓園圖場塊增夠夢婦媽孫寫實審層屆島師帶幫庫廣廳強彈彙徑復態慮慣戰戲執掃採換揮擋"
)
_SIMPLIFIED = (
    "这个们来时说国会对为学过还后开关问间门号码账账户余额银钱转汇遗挂补办证请与无电话机"
    "领现储蓄贷还亿万欧币点数积换兑率费免单据税务证险投资产业员订购买卖赔偿诉讼电邮箱讯"
    "简验应该设备装载错误锁冻结启动注册销变更资料隐权护诈骗盗窃坏损压过连线网络络页际内"
    "优惠奖赏师亲属继承迟误担忧紧处响营离开选择让给绝拒从几张条纸实体龙台湾区县镇乡总经"
    "记录录视频声听岁学费课后传样么吗两双将尔爱觉联系系类负债货价标检查询复复细节约极仅"
    "输许计划划画进运达远适边医疗头题愿愿显顾风飞饭馆马驾驶体验发钟长表针钥匙闭阅队阶"
    "团圆园图场块增够梦妇妈孙写实审层届岛师带帮库广厅强弹汇径复态虑惯战戏执扫采换挥挡"
)
_TABLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def simplify(text: str) -> str:
    """The text with the traditional characters we know in their simplified form."""
    return text.translate(_TABLE)
